using System.Runtime.CompilerServices;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Policies.Transformation.Xsl;

/// <summary>What each template and loop of a stylesheet calls first. Public because the library that runs stylesheets looks for it so.</summary>
public sealed class XslGuard
{
    /// <summary>The namespace by which stylesheets know it.</summary>
    public const string Namespace = "urn:gateway:guard";

    private XslGuard()
    {
    }

    /// <summary>The only one.</summary>
    public static XslGuard Instance { get; } = new();

    /// <summary>Charges for a step.</summary>
    /// <returns>False.</returns>
    public bool Step()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Budget.Spend(Budget.Step);
        return false;
    }
}
