using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Edge.Callers;

/// <summary>
/// The key that a connection brought first, with its hash: most connections bring one key again and again, and hashing it is the dearest part of finding the
/// caller. It lives as long as its connection, whose server holds the text of its headers as long. Later other keys are hashed and not kept, so that a connection on
/// which many callers come by turns allocates nothing.
/// </summary>
internal sealed class FirstKey
{
    private Entry? _entry;

    /// <summary>Gives each connection of a listener its own.</summary>
    public static void Use(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(new FirstKey());
        return next(connection);
    });

    /// <summary>The hash of a key that a request brings. The time that it takes tells nothing of the key that is kept but its length.</summary>
    /// <param name="http">The request; its connection may have none of these.</param>
    /// <param name="key">At most <see cref="KeyHash.LongestKey"/> characters.</param>
    public static KeyHash HashOf(HttpContext http, string key)
    {
        if (http.Features.Get<FirstKey>() is not { } first)
        {
            return KeyHash.Of(key);
        }

        // Requests of a connection come at once over HTTP/2: whichever entry is left is whole.
        var entry = first._entry ??= new Entry(key);
        return entry.Is(key) ? entry.Hash : KeyHash.Of(key);
    }

    private sealed class Entry(string key)
    {
        public KeyHash Hash { get; } = KeyHash.Of(key);

        /// <summary>Looks at all of both. The framework's own comparison in fixed time is not optimized, and as slow as a hash.</summary>
        public bool Is(string other)
        {
            if (key.Length != other.Length)
            {
                return false;
            }

            var words = MemoryMarshal.Cast<char, ulong>(key);
            var otherWords = MemoryMarshal.Cast<char, ulong>(other);
            var difference = 0UL;
            for (var i = 0; i < words.Length; i++)
            {
                difference |= words[i] ^ otherWords[i];
            }

            for (var i = words.Length * (sizeof(ulong) / sizeof(char)); i < key.Length; i++)
            {
                difference |= (uint)(key[i] ^ other[i]);
            }

            return difference == 0;
        }
    }
}
