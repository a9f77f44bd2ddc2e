using System.Net;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Access;

/// <summary>
/// Lets only callers pass whose address is listed, or all but these. The address is that of the other end of the connection, also behind a
/// proxy. In a list of those let pass, what is no address matches nobody, and the author is warned of it; in a list of those kept out it is
/// an error.
/// </summary>
public sealed class IpFilterPolicy : IPolicy<IpFilterPolicy>
{
    private static readonly (string, bool)[] s_actions = [("allow", true), ("forbid", false)];
    private AddressSet? _fixed;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "ip-filter", Sections = PolicySection.Inbound };

    /// <summary><c>action</c>: <c>allow</c> lets only those listed pass, <c>forbid</c> all others; required. May be an expression.</summary>
    public required PolicySetting<bool> Allows { get; init; }

    /// <summary>
    /// <c>address</c> elements, of IPv4 or IPv6, also networks such as <c>10.1.0.0/16</c>, and <c>address-range</c> elements with <c>from</c> and
    /// <c>to</c>, both included; at least one of either. Each may be an expression.
    /// </summary>
    internal IReadOnlyList<PolicySetting<AddressRange?>> Addresses { get; init; } = [];

    /// <inheritdoc/>
    public static IpFilterPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var allows = read.RequiredChoiceSetting("action", s_actions);
        // What keeps nobody out must not pass for a list of those kept out.
        var tolerant = allows is { IsLiteral: true, Literal: true };
        var list = new AddressList(parsing, tolerant);
        foreach (var child in read.AllChildren())
        {
            list.Add(child);
        }

        if (element.Children.Count == 0)
        {
            parsing.Diagnostics.Error(element, "The element 'ip-filter' needs at least one 'address' or 'address-range'.");
        }

        read.End();
        return new()
        {
            Allows = allows,
            Addresses = list.Addresses,
            _fixed = list.Addresses.All(address => address.IsLiteral) ? new(list.Addresses.Select(address => address.Literal).OfType<AddressRange>()) : null,
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        if (context.Http.Connection.RemoteIpAddress is not { } address)
        {
            throw AccessRefusals.Forbidden(Descriptor.Name, "FailedToParseCallerIP", "The address of the caller is not known. Access denied.");
        }

        var allows = Allows.For(context);
        return IsListed(context, AddressRange.NumberOf(address)) == allows ? ValueTask.CompletedTask : throw Refuse(allows, address);
    }

    private static PolicyException Refuse(bool allows, IPAddress address) => allows
        ? AccessRefusals.Forbidden(Descriptor.Name, "CallerIpNotAllowed", $"Caller IP address {address} is not allowed. Access denied.")
        : AccessRefusals.Forbidden(Descriptor.Name, "CallerIpBlocked", $"Caller IP address {address} is blocked. Access denied.");

    private bool IsListed(PolicyContext context, UInt128 address)
    {
        if (_fixed is not null)
        {
            return _fixed.Contains(address);
        }

        var isListed = false;
        foreach (var setting in Addresses)
        {
            // All are evaluated: what one gives that is no address fails the request, wherever it stands.
            isListed |= setting.For(context) is { } range && range.First <= address && address <= range.Last;
        }

        return isListed;
    }
}
