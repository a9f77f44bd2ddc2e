using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Caching;

/// <summary>A response. Its body is a part of its bytes: it is held once.</summary>
public sealed class CachedResponse : CachedEntry
{
    private const int MaximumHeaders = 1000;
    private const int MaximumTags = 100;
    private const string TagHeader = "Cache-Tag";

    private CachedResponse(
        ReadOnlyMemory<byte> bytes, EntryHead head, int status, TimeSpan ageAtFirst, KeyValuePair<string, StringValues>[] headers, ReadOnlyMemory<byte> body)
        : base(bytes, head) => (Status, AgeAtFirst, Headers, Body, Tags) = (status, ageAtFirst, headers, body, TagsOf(headers));

    /// <summary>The status.</summary>
    public int Status { get; }

    /// <summary>How old it was when it came: other caches may have had it before.</summary>
    public TimeSpan AgeAtFirst { get; }

    /// <summary>The headers.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Headers { get; }

    /// <summary>The tags that the backend gave it, by <c>Cache-Tag</c>: what is purged by one of them goes.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Writes all of a response but its body, which is to follow.</summary>
    internal static void WriteHead(
        PooledBytes bytes, EntryHead head, int status, TimeSpan ageAtFirst, IReadOnlyCollection<KeyValuePair<string, StringValues>> headers)
    {
        WriteHead(bytes, Kind.Response, head);
        bytes.Add(status);
        bytes.Add((long)ageAtFirst.TotalSeconds);
        bytes.Add(headers.Count);
        foreach (var (name, values) in headers)
        {
            bytes.Add(name);
            bytes.Add(values);
        }
    }

    internal static CachedResponse? Read(ReadOnlyMemory<byte> bytes, EntryHead head, EntryReader reader)
    {
        if (!reader.TryInt(out var status) || status is < 100 or > 999 || !reader.TryLong(out var age) || age is < 0 or > int.MaxValue
            || !reader.TryInt(out var count) || count is < 0 or > MaximumHeaders)
        {
            return null;
        }

        var headers = new KeyValuePair<string, StringValues>[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryText(out var name) || !reader.TryTexts(out var values))
            {
                return null;
            }

            headers[i] = new(name, values);
        }

        return new(bytes, head, status, TimeSpan.FromSeconds(age), headers, bytes[^reader.Left..]);
    }

    private static string[] TagsOf(KeyValuePair<string, StringValues>[] headers) => KeptHeaders.Find(headers, TagHeader, out var lines)
        ? [.. lines.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal).Take(MaximumTags)]
        : [];
}
