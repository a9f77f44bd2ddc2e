using System.Text.Json;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Publications.Projection;
using Gateway.PolicyCompiler.Programs;
using Documents = Gateway.Policies.Documents;

namespace Gateway.Grains.Federation;

/// <summary>From what a hub gives to what this site publishes.</summary>
internal static class HubPart
{
    /// <summary>The part that a chunk of the hub holds, with the program that this site compiles for it; what edges could not read is refused.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="plain">Its content.</param>
    public static Result<BuiltPart> Read(ChunkReference chunk, ReadOnlyMemory<byte> plain)
    {
        var part = FederatedPart.Read(plain);
        if (!part.IsSuccess)
        {
            return part.Errors;
        }

        try
        {
            var source = part.Value.Program is null ? null : new ProgramSource(part.Value.Expressions);
            return source is not null && !source.Slots.SequenceEqual(part.Value.Expressions)
                ? Wrong(chunk, "its expressions are not in order")
                : chunk.Kind switch
                {
                    ChunkKind.Service => Service(chunk, part.Value, source),
                    ChunkKind.Api => Api(chunk, part.Value, source),
                    ChunkKind.Subscriptions => Subscriptions(chunk, part.Value, source),
                    _ => Wrong(chunk, "a hub gives no such chunk"),
                };
        }
        catch (Exception failure) when (failure is JsonException or FormatException)
        {
            return Wrong(chunk, "its content cannot be read");
        }
    }

    private static Result<BuiltPart> Service(ChunkReference chunk, FederatedPart part, ProgramSource? source)
    {
        var service = JsonSerializer.Deserialize(part.Content.Span, PublicationJson.Default.ServiceChunk);
        return service?.Products is null || service.Products.Any(product => product?.Apis is null) || service.Backends is null ? Wrong(chunk, "it lacks its products or backends")
            : Built(part, source, () => JsonSerializer.SerializeToUtf8Bytes(service.WithPolicies(tree => Named(tree, source!)), PublicationJson.Default.ServiceChunk));
    }

    private static Result<BuiltPart> Api(ChunkReference chunk, FederatedPart part, ProgramSource? source)
    {
        var api = JsonSerializer.Deserialize(part.Content.Span, PublicationJson.Default.ApiChunk);
        return api?.Operations is null || api.Id != chunk.Id || api.Operations.Any(operation => operation?.UrlTemplate is null) ? Wrong(chunk, "it holds another API, or none with operations")
            : Built(part, source, () => JsonSerializer.SerializeToUtf8Bytes(api.WithPolicies(tree => Named(tree, source!)), PublicationJson.Default.ApiChunk));
    }

    private static Result<BuiltPart> Subscriptions(ChunkReference chunk, FederatedPart part, ProgramSource? source) =>
        source is not null || JsonSerializer.Deserialize(part.Content.Span, PublicationJson.Default.SubscriptionsChunk)?.Subscriptions is null
            ? Wrong(chunk, "it holds no subscriptions")
            : new BuiltPart(part.Content.ToArray(), null);

    // A hub of another version names the same program otherwise.
    private static BuiltPart Built(FederatedPart part, ProgramSource? source, Func<byte[]> renamed) =>
        new(source is null || source.Key == part.Program ? part.Content.ToArray() : renamed(), source);

    private static string? Named(string? text, ProgramSource source)
    {
        var tree = text is null ? null : Documents.PolicyTree.Deserialize(text);
        return tree?.Program is null ? text : tree.WithProgram(source.Key, [.. Enumerable.Range(0, source.Slots.Count)]).Serialize();
    }

    private static GatewayError Wrong(ChunkReference chunk, string reason) =>
        new(ErrorKind.ValidationError, $"Chunk {chunk.Kind} '{chunk.Id}' of the hub is refused: {reason}.") { Target = $"{chunk.Kind} {chunk.Id}" };
}
