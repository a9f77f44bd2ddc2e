using System.Reflection;
using Xunit.Sdk;

namespace Gateway.Testing.Stores;

/// <summary>Runs a theory once for each kind of store that this machine has: <c>garnet</c> always, <c>redis</c> when redis-server is on the PATH.</summary>
public sealed class StoreDataAttribute : DataAttribute
{
    /// <inheritdoc />
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        RedisTestStore.Executable is null ? [["garnet"]] : [["garnet"], ["redis"]];
}
