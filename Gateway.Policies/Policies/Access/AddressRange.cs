using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Policies.Policies.Access;

/// <summary>Addresses from one to another, both included. Those of IPv4 are where IPv6 has them, in ::ffff:0:0/96.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    /// <summary>The range of an address, or of a network in CIDR notation.</summary>
    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        if (IPAddress.TryParse(text, out var address))
        {
            range = new(NumberOf(address), NumberOf(address));
            return true;
        }

        if (!IPNetwork.TryParse(text, out var network))
        {
            return false;
        }

        var hostBits = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        var first = NumberOf(network.BaseAddress);
        range = new(first, first | (hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1));
        return true;
    }

    /// <summary>The number of an address.</summary>
    public static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[10..12].Fill(0xFF);
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
