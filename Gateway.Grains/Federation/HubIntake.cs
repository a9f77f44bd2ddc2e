using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Publications;

namespace Gateway.Grains.Federation;

/// <summary>
/// Takes a publication of the hub in: whose it is, whether it is newer, then what is missing of it, each chunk checked against its SHA-256 and read
/// once, so that the copy never holds what this site cannot publish. Whatever fails, the copy stays; what was fetched is kept for the next try.
/// </summary>
internal sealed class HubIntake(UpstreamOptions options, HubClient client, HubCopy copy, ChunkCodec codec)
{
    /// <summary>Bytes of all packed chunks of a publication at most.</summary>
    public const long MaximumLength = 1L << 30;

    private const int ParallelFetches = 8;

    private readonly ConcurrentDictionary<string, byte[]> _fetched = new(StringComparer.Ordinal);
    private volatile bool _isReset;

    /// <summary>The next publication is taken as a first one is.</summary>
    public void Reset() => _isReset = true;

    /// <summary>Stores the publication; false when it is the one that the site has.</summary>
    /// <exception cref="HubException">It is not taken; the message says why.</exception>
    public async Task<bool> TakeAsync(PresentToken token, SignedManifest signed, CancellationToken cancellationToken)
    {
        var manifest = Verify(token, signed);
        if (manifest.Id == copy.State?.Manifest.Id && !_isReset)
        {
            return false;
        }

        var before = copy.State?.Index ?? PartIndex.Empty;
        var pages = await PagesAsync(token, manifest, cancellationToken);
        var index = PartIndex.Of(manifest, page => pages[page.Name]);
        ChunkReference[] missing = [.. index.ChunksNotIn(before).Where(chunk => chunk.Kind != ChunkKind.Index)];
        Check(index, missing);
        await FetchAsync(token, missing, (chunk, plain) => HubPart.Read(chunk, plain).Errors.FirstOrDefault()?.Message, cancellationToken);

        var needed = missing.Concat(manifest.Chunks).Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal);
        Forget(needed);
        await copy.StoreAsync(new KeptPublication(signed, manifest, index), _fetched);
        _fetched.Clear();
        _isReset = false;
        return true;
    }

    private Manifest Verify(PresentToken token, SignedManifest signed)
    {
        var trusted = options.PublicKey ?? (_isReset ? null : copy.State?.Signed.PublicKey) ?? signed.PublicKey;
        if (!signed.PublicKey.AsSpan().SequenceEqual(trusted) && !KeyChain.LeadsTo(signed.PublicKey, signed.Chain, trusted))
        {
            throw new HubException(
                $"The hub's publication is signed by key {ManifestVerifier.Fingerprint(signed.PublicKey)}, this site trusts key {ManifestVerifier.Fingerprint(trusted)}, "
                + (options.PublicKey is null ? "the first that it saw. If the hub was set up anew, have the site take it as a new one: DELETE …/upstream." : "that of Gateway:Upstream:PublicKeyFile."));
        }

        var verified = ManifestVerifier.Verify(signed, signed.PublicKey);
        if (!verified.IsSuccess)
        {
            throw new HubException($"The hub's publication is refused: {verified.Errors[0].Message}.");
        }

        var manifest = verified.Value;
        var objection = manifest.Gateway != token.Token.Gateway ? $"it is for gateway '{manifest.Gateway}', the token is for '{token.Token.Gateway}'"
            : _isReset ? null
            : PublicationOrder.Objection(copy.State?.Manifest.Id, manifest, orEqual: true);
        return objection is null ? manifest : throw new HubException($"The hub's publication {manifest.Id} is refused: {objection}.");
    }

    private static void Check(PartIndex index, ChunkReference[] missing)
    {
        if (missing.FirstOrDefault(chunk => chunk.Kind is not (ChunkKind.Service or ChunkKind.Api or ChunkKind.Subscriptions)) is { } foreign)
        {
            throw new HubException($"The hub's publication is refused: it has a chunk {foreign.Kind} '{foreign.Id}', which a site takes from nobody.");
        }

        if (index.Parts.Sum(chunk => (long)chunk.Length) > MaximumLength)
        {
            throw new HubException($"The hub's publication is refused: it has more than {MaximumLength} bytes.");
        }
    }

    private async Task<Dictionary<string, IndexPage>> PagesAsync(PresentToken token, Manifest manifest, CancellationToken cancellationToken)
    {
        var pages = copy.State?.Index.Pages.ToDictionary(page => page.Reference.Name, page => new IndexPage { Chunks = page.Chunks }, StringComparer.Ordinal) ?? [];
        var found = new ConcurrentDictionary<string, IndexPage>(StringComparer.Ordinal);
        await FetchAsync(token, [.. manifest.Chunks.Where(head => head.Kind == ChunkKind.Index && !pages.ContainsKey(head.Name))], (head, plain) =>
        {
            try
            {
                var page = JsonSerializer.Deserialize(plain, PublicationJson.Default.IndexPage);
                var objection = page is null ? "a page of the index is empty" : ManifestRules.Objection(IndexPage.Number(head.Id) ?? -1, page);
                if (objection is null)
                {
                    found[head.Name] = page!;
                }

                return objection;
            }
            catch (JsonException failure)
            {
                return $"page {head.Id} of the index is not readable at {failure.Path}";
            }
        }, cancellationToken);
        foreach (var (name, page) in found)
        {
            pages[name] = page;
        }

        return pages;
    }

    private Task FetchAsync(PresentToken token, ChunkReference[] chunks, Func<ChunkReference, byte[], string?> objectionOf, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(chunks, new ParallelOptions { MaxDegreeOfParallelism = ParallelFetches, CancellationToken = cancellationToken }, async (chunk, stopped) =>
        {
            var length = chunk.Length - SecretBox.Overhead;
            var packed = _fetched.TryGetValue(chunk.Name, out var kept) ? Opened(chunk, kept) : await client.ChunkAsync(token, chunk.Name, length, stopped);
            var plain = codec.Unpack(chunk.Name, packed);
            var objection = plain.IsSuccess ? objectionOf(chunk, plain.Value) : plain.Errors[0].Message;
            if (objection is not null)
            {
                _fetched.TryRemove(chunk.Name, out _);
                throw new HubException($"The hub's publication is refused: {objection.TrimEnd('.')}.");
            }

            _fetched.TryAdd(chunk.Name, kept ?? codec.Seal(chunk.Name, packed));
        });

    private byte[] Opened(ChunkReference chunk, byte[] body)
    {
        var packed = codec.Unseal(chunk.Name, body);
        return packed.IsSuccess ? packed.Value : throw new InvalidOperationException($"A chunk that was just sealed cannot be opened: {packed.Errors[0].Message}");
    }

    private void Forget(HashSet<string> needed)
    {
        foreach (var overtaken in _fetched.Keys.Where(name => !needed.Contains(name)).ToArray())
        {
            _fetched.TryRemove(overtaken, out _);
        }
    }
}
