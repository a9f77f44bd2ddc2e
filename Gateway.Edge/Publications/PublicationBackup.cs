using System.Text;
using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Hosting.Data;

namespace Gateway.Edge.Publications;

/// <summary>
/// The edge's own copy of the publication in force, and of the one before. A file per chunk, written once, so that a change costs
/// what it changed; everything is sealed, so that damage is noticed. Files come into place by a rename, the manifest last.
/// </summary>
internal sealed partial class PublicationBackup(string path, BackupKeys keys, ChunkCodec codec, ILogger<PublicationBackup> logger) : IPublicationBackup
{
    private const string Current = "manifest";
    private const string Previous = "manifest.previous";
    private const string Chunks = "chunks";

    /// <summary>The files of the manifests: without them the rest is of no use.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [Current, Previous];

    // What is in the folder, so that a change is not answered by asking after every file: this process alone writes there.
    private HashSet<string>? _files;
    private PublicationContent? _written;
    private HashSet<string> _onlyPrevious = [];

    private string ChunkFolder => Path.Combine(path, Chunks);

    /// <inheritdoc />
    public void Write(SignedManifest signed, PublicationContent content, IReadOnlyDictionary<string, byte[]> bodies)
    {
        Directory.CreateDirectory(ChunkFolder);
        var added = NamesNotIn(content, _written);
        // Others are of publications that came and went since the last writing.
        foreach (var (name, body) in bodies.Where(body => added.Contains(body.Key)))
        {
            PrivateFile.Write(Path.Combine(ChunkFolder, name), keys.Seal(body, Associated(name)));
            Files().Add(name);
        }

        if (_written is null && keys.HasOlder)
        {
            SealAnew();
        }

        var before = _written is null ? KeepFound() : KeepWritten();
        PrivateFile.Write(Path.Combine(path, Current), keys.Seal(SignedManifestFormat.Write(signed), Associated(Current)));
        Delete(_written is null ? Files().Where(name => !added.Contains(name) && !before.Contains(name)) : _onlyPrevious.Where(name => !added.Contains(name)));
        _onlyPrevious = _written is null ? [.. before.Except(added)] : [.. NamesNotIn(_written, content).Except(added)];
        _written = content;
    }

    /// <inheritdoc />
    public ChunkReference[] Lacking(PublicationContent content) => [.. content.ChunksNotIn(_written).Where(chunk => !Files().Contains(chunk.Name))];

    /// <summary>The publications that can be read, newest first. A damaged one is left out, and said so.</summary>
    /// <param name="verify">Gives the manifest when it is trusted.</param>
    public IEnumerable<(Manifest Manifest, SignedManifest Signed)> Read(Func<SignedManifest, Manifest?> verify)
    {
        foreach (var name in (string[])[Current, Previous])
        {
            if (ReadManifest(name) is { } signed && verify(signed) is { } manifest)
            {
                yield return (manifest, signed);
            }
        }
    }

    /// <summary>The body of a chunk; null when it is not there or damaged, which is said.</summary>
    public byte[]? Body(ChunkReference chunk) => Body(chunk.Name);

    /// <summary>The body of a chunk by a name that a manifest or a page gave.</summary>
    public byte[]? Body(string name) => ReadSealed(Path.Combine(ChunkFolder, name), name);

    private SignedManifest? ReadManifest(string name)
    {
        var content = ReadSealed(Path.Combine(path, name), Current);
        if (content is null)
        {
            return null;
        }

        var signed = SignedManifestFormat.Read(content);
        if (signed is null)
        {
            Log.Damaged(logger, name, "it holds no manifest");
        }

        return signed;
    }

    private byte[]? ReadSealed(string file, string associated)
    {
        try
        {
            var opened = keys.Open(File.ReadAllBytes(file), Associated(associated));
            if (opened.IsSuccess)
            {
                return opened.Value;
            }

            Log.Damaged(logger, file, opened.Errors[0].Message);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nothing was backed up there.
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.Damaged(logger, file, failure.Message);
        }

        return null;
    }

    private HashSet<string> Files() => _files ??= Directory.Exists(ChunkFolder)
        ? Directory.EnumerateFiles(ChunkFolder).Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal)
        : new HashSet<string>(StringComparer.Ordinal);

    private void Delete(IEnumerable<string> names)
    {
        foreach (var gone in names.ToArray())
        {
            File.Delete(Path.Combine(ChunkFolder, gone));
            Files().Remove(gone);
        }
    }

    private static HashSet<string> NamesNotIn(PublicationContent content, PublicationContent? other) =>
        content.ChunksNotIn(other).Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal);

    private HashSet<string> KeepWritten()
    {
        if (File.Exists(Path.Combine(path, Current)))
        {
            File.Move(Path.Combine(path, Current), Path.Combine(path, Previous), overwrite: true);
        }

        return [];
    }

    /// <summary>Makes the manifest that a process before this one left the previous one, unless it is damaged; the answer is the chunks of the previous one then.</summary>
    private HashSet<string> KeepFound()
    {
        var (current, previous) = (Path.Combine(path, Current), Path.Combine(path, Previous));
        if (ReadSealed(current, Current) is not null)
        {
            File.Move(current, previous, overwrite: true);
        }

        return ReadManifest(Previous) is { } signed && ManifestVerifier.Verify(signed, signed.PublicKey) is { IsSuccess: true } kept
            ? kept.Value.Chunks.Concat(kept.Value.Chunks.Where(head => head.Kind == ChunkKind.Index).SelectMany(Named)).Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal)
            : [];
    }

    /// <summary>Brings everything under the key that seals now, so that the others can be taken away. What is damaged stays; reading says so.</summary>
    private void SealAnew()
    {
        foreach (var (file, associated) in (IEnumerable<(string, string)>)
            [(Path.Combine(path, Current), Current), (Path.Combine(path, Previous), Current), .. Files().Select(name => (Path.Combine(ChunkFolder, name), name))])
        {
            if (File.Exists(file) && File.ReadAllBytes(file) is var record && !keys.IsNewest(record) && keys.Open(record, Associated(associated)) is { IsSuccess: true } opened)
            {
                PrivateFile.Write(file, keys.Seal(opened.Value, Associated(associated)));
            }
        }
    }

    // A page that cannot be read makes its publication useless; what it names need not be kept then.
    private IReadOnlyList<ChunkReference> Named(ChunkReference page) =>
        Body(page) is { } body && codec.Decode(page.Name, body) is { IsSuccess: true } plain
            ? JsonSerializer.Deserialize(plain.Value, PublicationJson.Default.IndexPage)?.Chunks ?? []
            : [];

    private static byte[] Associated(string name) => Encoding.UTF8.GetBytes(name);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The backup file {File} cannot be used: {Reason}")]
        public static partial void Damaged(ILogger logger, string file, string reason);
    }
}
