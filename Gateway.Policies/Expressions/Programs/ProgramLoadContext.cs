using System.Reflection;
using System.Runtime.Loader;

namespace Gateway.Policies.Expressions.Programs;

/// <summary>Holds one program. What it refers to is what this process already has.</summary>
internal sealed class ProgramLoadContext(string name) : AssemblyLoadContext(name, isCollectible: true)
{
    protected override Assembly? Load(AssemblyName assemblyName) => null;
}
