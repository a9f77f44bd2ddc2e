using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Tests.Expressions;

internal sealed class StubContext : IExpressionContext
{
    public Guid RequestId { get; } = Guid.Parse("00000000-0000-0000-0000-000000000001");

    public IReadOnlyDictionary<string, object?> Variables { get; } = new Dictionary<string, object?> { ["name"] = "value", ["big"] = new string('x', 1000) };
}
