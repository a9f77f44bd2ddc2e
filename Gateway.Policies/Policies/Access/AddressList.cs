using System.Net;
using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Access;

/// <summary>Reads the addresses in <c>ip-filter</c>.</summary>
/// <param name="parsing">Where findings go.</param>
/// <param name="tolerant">True: a literal that is no address matches nobody, and is warned of.</param>
internal sealed class AddressList(PolicyParsing parsing, bool tolerant)
{
    private const string NoAddress = "This must be an IP address, or a network such as 10.1.0.0/16";
    private readonly List<PolicySetting<AddressRange?>> _addresses = [];

    /// <summary>What was read; null stands for a literal that matches nobody.</summary>
    public IReadOnlyList<PolicySetting<AddressRange?>> Addresses => _addresses;

    /// <summary>Reads an element in <c>ip-filter</c>.</summary>
    public void Add(PolicyElement element)
    {
        if (element.Name == "address")
        {
            AddAddress(element);
        }
        else if (element.Name == "address-range")
        {
            AddRange(element);
        }
        else
        {
            parsing.Diagnostics.Error(element, $"The element '{element.Name}' may not stand in 'ip-filter'.");
        }
    }

    private void AddAddress(PolicyElement element)
    {
        var read = parsing.Read(element);
        var isLiteral = element.Text?.Value.IsLiteral != false;
        var address = read.Content((string text, out AddressRange? range) =>
        {
            range = AddressRange.TryParse(text.Trim(), out var made) ? made : null;
            return range is not null || (isLiteral && Tolerate(element, $"{NoAddress}.")) ? null : $"{NoAddress}.";
        });
        read.End();
        Keep(address);
    }

    private void AddRange(PolicyElement element)
    {
        var read = parsing.Read(element);
        var (from, to) = (ReadEnd(element, read, "from"), ReadEnd(element, read, "to"));
        read.End();
        if (from is not { } first || to is not { } last)
        {
            return;
        }

        if (!first.IsLiteral || !last.IsLiteral)
        {
            Keep(new(context => Range(first.For(context), last.For(context))));
        }
        else if (first.Literal is not null && last.Literal is not null && Range(first.Literal, last.Literal) is null)
        {
            parsing.Diagnostics.Error(element, "The attribute 'to' must not be before 'from', and must be of the same kind.");
        }
        else
        {
            Keep(new(Range(first.Literal, last.Literal)));
        }
    }

    private PolicySetting<IPAddress?>? ReadEnd(PolicyElement element, ElementReader read, string name)
    {
        if (!read.Has(name))
        {
            read.Error(name, $"The attribute '{name}' is missing.");
            return null;
        }

        var message = $"The attribute '{name}' must be an IP address.";
        var isLiteral = element.Attribute(name)!.Value.IsLiteral;
        return read.Setting(name, (string text, out IPAddress? address) =>
            IPAddress.TryParse(text, out address) || (isLiteral && Tolerate(element, message)) ? null : message);
    }

    private static AddressRange? Range(IPAddress? from, IPAddress? to) =>
        from is not null && to is not null && from.AddressFamily == to.AddressFamily && AddressRange.NumberOf(from) <= AddressRange.NumberOf(to)
            ? new(AddressRange.NumberOf(from), AddressRange.NumberOf(to))
            : null;

    private bool Tolerate(PolicyElement element, string message)
    {
        if (tolerant)
        {
            parsing.Diagnostics.Warning(element, $"{message} As it stands it lets nobody pass.");
        }

        return tolerant;
    }

    private void Keep(PolicySetting<AddressRange?>? address)
    {
        if (address is { } kept)
        {
            _addresses.Add(kept);
        }
    }
}
