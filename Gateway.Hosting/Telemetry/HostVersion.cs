using System.Reflection;

namespace Gateway.Hosting.Telemetry;

/// <summary>The product's version.</summary>
public static class HostVersion
{
    /// <summary>Such as <c>0.1.0</c>, without the source revision.</summary>
    public static string Text { get; } = typeof(HostVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
