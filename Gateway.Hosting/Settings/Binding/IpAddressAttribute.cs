using System.Net;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>An IP address.</summary>
public sealed class IpAddressAttribute : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description => "an IP address";

    /// <inheritdoc />
    public override bool Accepts(object value) => IPAddress.TryParse(value as string, out _);
}

/// <summary>Carried along with the settings, but not one of them.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotASettingAttribute : Attribute;
