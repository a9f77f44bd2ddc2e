using System.Runtime.InteropServices;

namespace Gateway.Policies.Execution;

/// <summary>
/// Makes ids that tell requests apart. They are no secrets, so they come from a generator of the thread, seeded by the system:
/// <see cref="Guid.NewGuid"/> asks the kernel each time, which costs a request more than matching it does.
/// </summary>
public static class RequestIds
{
    [ThreadStatic]
    private static Random? t_random;

    private static Random Random => t_random ??= new();

    /// <summary>A random number from 0 to 1, from the same generator.</summary>
    public static double NextDouble() => Random.NextDouble();

    /// <summary>A random id in the form of a version 4 UUID (RFC 9562).</summary>
    public static Guid Next()
    {
        var random = Random;
        Span<ulong> words = stackalloc ulong[2];
        var bytes = MemoryMarshal.AsBytes(words);
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
