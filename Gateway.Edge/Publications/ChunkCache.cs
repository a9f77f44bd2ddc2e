using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;

namespace Gateway.Edge.Publications;

/// <summary>
/// The decoded chunks of the publication in force, by name. What a new publication has in common with it is neither fetched
/// nor decrypted nor decoded again, and stays the same object.
/// </summary>
internal sealed class ChunkCache(ChunkCodec codec)
{
    private readonly Dictionary<string, object> _decoded = new(StringComparer.Ordinal);

    /// <summary>The chunks of a manifest that this version has a use for.</summary>
    public static IEnumerable<ChunkReference> Used(Manifest manifest) =>
        manifest.Chunks.Where(chunk => chunk.Kind is ChunkKind.Service or ChunkKind.Api or ChunkKind.Subscriptions);

    /// <summary>The chunks of a manifest that are not here.</summary>
    public ChunkReference[] Missing(Manifest manifest) =>
        [.. Used(manifest).Where(chunk => !_decoded.ContainsKey(chunk.Name)).DistinctBy(chunk => chunk.Name)];

    /// <summary>Opens, checks and decodes a body, and keeps it; null when it is fine, else what is wrong with it.</summary>
    public string? Add(ChunkReference chunk, byte[] body)
    {
        if (body.Length != chunk.Length)
        {
            return $"chunk {chunk.Kind} '{chunk.Id}' has {body.Length} bytes, the manifest says {chunk.Length}";
        }

        var plain = codec.Decode(chunk.Name, body);
        if (!plain.IsSuccess)
        {
            return $"chunk {chunk.Kind} '{chunk.Id}': {plain.Errors[0].Message}";
        }

        try
        {
            _decoded[chunk.Name] = Decode(chunk.Kind, plain.Value);
            return null;
        }
        catch (JsonException exception)
        {
            return $"chunk {chunk.Kind} '{chunk.Id}' is not readable at {exception.Path}";
        }
    }

    /// <summary>The content of a manifest all of whose chunks are here.</summary>
    public Result<PublicationContent> Content(Manifest manifest)
    {
        var apis = Of<ApiChunk>(manifest, ChunkKind.Api);
        return apis.FirstOrDefault(api => api.Value.Id != api.Id) is { } wrong
            ? new GatewayError(ErrorKind.ValidationError, $"chunk Api '{wrong.Id}' holds the API '{wrong.Value.Id}'")
            : new PublicationContent
            {
                Manifest = manifest,
                Service = Of<ServiceChunk>(manifest, ChunkKind.Service)[0],
                Apis = apis,
                Subscriptions = Of<SubscriptionsChunk>(manifest, ChunkKind.Subscriptions),
            };
    }

    /// <summary>Lets go of what the publication in force does not need.</summary>
    public void Keep(Manifest? inForce)
    {
        var used = (inForce?.Chunks ?? []).Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _decoded.Keys.Where(name => !used.Contains(name)).ToArray())
        {
            _decoded.Remove(name);
        }
    }

    private DecodedChunk<T>[] Of<T>(Manifest manifest, ChunkKind kind) =>
        [.. manifest.Chunks.Where(chunk => chunk.Kind == kind).OrderBy(chunk => chunk.Id, StringComparer.Ordinal)
            .Select(chunk => new DecodedChunk<T>(chunk.Id, chunk.Name, (T)_decoded[chunk.Name]))];


    private static object Decode(ChunkKind kind, byte[] plain) => kind switch
    {
        ChunkKind.Service => JsonSerializer.Deserialize(plain, PublicationJson.Default.ServiceChunk) ?? throw new JsonException("The chunk is null."),
        ChunkKind.Api => JsonSerializer.Deserialize(plain, PublicationJson.Default.ApiChunk) ?? throw new JsonException("The chunk is null."),
        ChunkKind.Subscriptions => JsonSerializer.Deserialize(plain, PublicationJson.Default.SubscriptionsChunk) ?? throw new JsonException("The chunk is null."),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This version reads no such chunk."),
    };
}
