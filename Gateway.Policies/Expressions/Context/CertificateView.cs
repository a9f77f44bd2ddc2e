using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Certificates for expressions: each gets a handle of its own, as an expression may dispose of what it got, and others go on with theirs.</summary>
internal sealed class CertificateView(IReadOnlyDictionary<string, X509Certificate2> certificates) : IReadOnlyDictionary<string, X509Certificate2>
{
    public int Count => certificates.Count;

    public IEnumerable<string> Keys => certificates.Keys.Select(id => id);

    public IEnumerable<X509Certificate2> Values => certificates.Values.Select(Handle);

    public X509Certificate2 this[string key] => Handle(certificates[key]);

    public bool ContainsKey(string key) => certificates.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out X509Certificate2 value)
    {
        value = certificates.TryGetValue(key, out var found) ? Handle(found) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, X509Certificate2>> GetEnumerator() =>
        certificates.Select(pair => KeyValuePair.Create(pair.Key, Handle(pair.Value))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static X509Certificate2 Handle(X509Certificate2 certificate) => new(certificate);
}
