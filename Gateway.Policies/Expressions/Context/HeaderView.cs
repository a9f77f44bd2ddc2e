using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Expressions.Context;

/// <summary>The headers of a request or response as they are now. Whoever reads gets arrays of their own.</summary>
internal sealed class HeaderView(HttpContext http, bool ofResponse) : IReadOnlyDictionary<string, string[]>, IJoinedValues
{
    public IEnumerable<string> Keys => Headers.Keys.ToArray().Select(key => key);

    public IEnumerable<string[]> Values => Headers.Values.ToArray().Select(Copy);

    public int Count => Headers.Count;

    private IHeaderDictionary Headers => ofResponse ? http.Response.Headers : http.Request.Headers;

    public string[] this[string key] =>
        TryGetValue(key, out var values) ? values : throw new KeyNotFoundException($"There is no header '{key}'.");

    public string? Join(string name) => !Headers.TryGetValue(name, out var values) || values.Count == 0 ? null
        : HeaderCoding.Decode(values.Count == 1 ? values[0] ?? "" : string.Join(',', (IEnumerable<string?>)values));

    public bool ContainsKey(string key) => Headers.TryGetValue(key, out var values) && values.Count > 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string[] value)
    {
        value = Headers.TryGetValue(key, out var values) && values.Count > 0 ? Copy(values) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, string[]>> GetEnumerator() =>
        Headers.ToArray().Select(header => KeyValuePair.Create(header.Key, Copy(header.Value))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string[] Copy(StringValues values)
    {
        var copy = new string[values.Count];
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = HeaderCoding.Decode(values[i] ?? "");
        }

        return copy;
    }
}
