using System.Text.Json;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications;

/// <summary>Reads what is stored of a gateway's publications: the manifests and the pages of their indexes.</summary>
internal sealed class PublicationLoader(string gateway, IPublicationStore store, ChunkCodec codec)
{
    // Another silo may publish, and drop the oldest bodies, between the reads of manifests and pages.
    private const int Attempts = 3;

    /// <summary>What is stored; null before the first publication.</summary>
    /// <exception cref="InvalidDataException">The publication in force cannot be read.</exception>
    public async Task<PublishedState?> LoadAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var signed = await store.LoadAsync(gateway);
            if (signed.Count == 0)
            {
                return null;
            }

            Manifest[] manifests = [.. signed.Select(Read)];
            var pages = await PagesAsync(manifests);
            var kept = signed.Zip(manifests).TakeWhile(one => Pages(one.Second).All(page => pages.ContainsKey(page.Name)))
                .Select(one => new KeptPublication(one.First, one.Second, PartIndex.Of(one.Second, page => pages[page.Name]))).ToList();
            if (kept.Count > 0)
            {
                return new PublishedState { Kept = kept };
            }

            if (attempt == Attempts)
            {
                throw new InvalidDataException($"Publication {manifests[0].Id} of gateway '{gateway}' lacks pages of its index in the state store.");
            }
        }
    }

    private async Task<Dictionary<string, IndexPage>> PagesAsync(IEnumerable<Manifest> manifests)
    {
        string[] names = [.. manifests.SelectMany(Pages).Select(page => page.Name).Distinct(StringComparer.Ordinal)];
        var bodies = await store.BodiesAsync(gateway, names);
        var pages = new Dictionary<string, IndexPage>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (bodies[i] is { } body)
            {
                pages[names[i]] = Read(names[i], body);
            }
        }

        return pages;
    }

    private IndexPage Read(string name, byte[] body)
    {
        var plain = codec.Decode(name, body);
        return plain.IsSuccess && JsonSerializer.Deserialize(plain.Value, PublicationJson.Default.IndexPage) is { } page
            ? page
            : throw new InvalidDataException($"A stored page of gateway '{gateway}' cannot be read: {(plain.IsSuccess ? "it is empty" : plain.Errors[0].Message)}");
    }

    private static IEnumerable<ChunkReference> Pages(Manifest manifest) => manifest.Chunks.Where(head => head.Kind == ChunkKind.Index);

    private static Manifest Read(SignedManifest signed) =>
        JsonSerializer.Deserialize(signed.Payload, PublicationJson.Default.Manifest) ?? throw new InvalidDataException("A stored manifest is empty.");
}
