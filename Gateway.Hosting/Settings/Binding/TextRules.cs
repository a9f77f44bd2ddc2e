using System.Net;
using System.Text.RegularExpressions;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>A name that becomes part of keys and URLs: 1 to 80 letters, digits, hyphens and underscores, starting with a letter or digit.</summary>
public sealed partial class NameAttribute : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description => "1 to 80 letters, digits, '-', '_' or '.', starting with a letter or digit";

    /// <inheritdoc />
    public override bool Accepts(object value) => value is string text && Pattern().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,79}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

/// <summary>An address to listen on: an IP address, <c>localhost</c>, or <c>*</c> for all.</summary>
public sealed class BindAddressAttribute : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description => "an IP address, localhost, or * for all addresses";

    /// <inheritdoc />
    public override bool Accepts(object value) => value is "*" or "localhost" || IPAddress.TryParse(value as string, out _);
}

/// <summary>An absolute http or https URL.</summary>
public sealed class HttpUrlAttribute : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description => "an absolute http or https URL";

    /// <inheritdoc />
    public override bool Accepts(object value) =>
        Uri.TryCreate(value as string, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}

/// <summary>Hosts with an optional port: <c>host</c>, <c>host:30000</c>, <c>[::1]:30000</c>.</summary>
public sealed class HostListAttribute : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description => "a list of host:port or DNS names, separated by commas";

    /// <inheritdoc />
    public override bool Accepts(object value) => value is string[] hosts && hosts.All(host => HostPort.TryParse(host, 1, out _));
}

/// <summary>A publication to start from: a number, or lineage/number.</summary>
public sealed partial class PublicationFloorAttribute : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description => "a publication number, or lineage/number";

    /// <inheritdoc />
    public override bool Accepts(object value) => value is string text && Pattern().IsMatch(text);

    [GeneratedRegex(@"\A([A-Za-z0-9_-]{1,64}/)?[0-9]{1,18}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
