using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Policies.Expressions.Context;

/// <summary>
/// Certificates for expressions, by thumbprint as in the reference product, and found by id as well. Each gets a handle of its own, as an expression may dispose of what it got,
/// and others go on with theirs.
/// </summary>
internal sealed class CertificateView(IReadOnlyDictionary<string, X509Certificate2> byThumbprint, IReadOnlyDictionary<string, X509Certificate2> byId)
    : IReadOnlyDictionary<string, X509Certificate2>
{
    public int Count => byThumbprint.Count;

    public IEnumerable<string> Keys => byThumbprint.Keys.Select(thumbprint => thumbprint);

    public IEnumerable<X509Certificate2> Values => byThumbprint.Values.Select(Handle);

    public X509Certificate2 this[string key] => TryGetValue(key, out var found) ? found : throw new KeyNotFoundException($"There is no certificate with the thumbprint or id '{key}'.");

    public bool ContainsKey(string key) => byThumbprint.ContainsKey(key) || byId.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out X509Certificate2 value)
    {
        value = byThumbprint.TryGetValue(key, out var found) || byId.TryGetValue(key, out found) ? Handle(found) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, X509Certificate2>> GetEnumerator() =>
        byThumbprint.Select(pair => KeyValuePair.Create(pair.Key, Handle(pair.Value))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static X509Certificate2 Handle(X509Certificate2 certificate) => new(certificate);
}
