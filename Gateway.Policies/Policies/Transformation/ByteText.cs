using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>Text in bytes.</summary>
internal static class ByteText
{
    /// <summary>Replaces each occurrence.</summary>
    /// <param name="body">Where.</param>
    /// <param name="from">What; not empty.</param>
    /// <param name="to">By what.</param>
    /// <param name="limit">The most bytes of the result.</param>
    /// <param name="policy">The policy's name, for errors.</param>
    /// <returns>Null when it does not occur.</returns>
    /// <exception cref="PolicyException">The result is too long.</exception>
    public static byte[]? Replace(ReadOnlySpan<byte> body, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, string policy)
    {
        var count = body.Count(from);
        if (count == 0)
        {
            return null;
        }

        var length = body.Length + ((long)count * (to.Length - from.Length));
        if (length > limit)
        {
            throw BodyFailures.Unreadable(policy, $"The body would become longer than the {limit} bytes that policies can write.");
        }

        var made = new byte[length];
        var rest = made.AsSpan();
        for (int at; (at = body.IndexOf(from)) >= 0; body = body[(at + from.Length)..])
        {
            body[..at].CopyTo(rest);
            to.CopyTo(rest[at..]);
            rest = rest[(at + to.Length)..];
        }

        body.CopyTo(rest);
        return made;
    }
}
