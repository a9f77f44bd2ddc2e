using System.Globalization;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Publications;

/// <summary>
/// The newest publication that this edge ever ran, kept in the data folder, and the floor of <c>Gateway:Trust:MinimumPublication</c>:
/// what silos offer is never older than either, also after a restart and when an old state store comes back.
/// </summary>
internal sealed class PublicationFloor
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "publication-seen";

    private readonly string _path;
    private readonly string? _minimumLineage;
    private readonly long _minimum;
    private PublicationId? _saved;

    private PublicationFloor(string path, string? minimum, PublicationId? seen)
    {
        _path = path;
        Seen = _saved = seen;
        if (minimum is not null)
        {
            var slash = minimum.IndexOf('/', StringComparison.Ordinal);
            _minimumLineage = slash < 0 ? null : minimum[..slash];
            _minimum = long.Parse(minimum.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The newest publication that was in force here; null when none was.</summary>
    public PublicationId? Seen { get; private set; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="ExitException">The file is damaged: code 4.</exception>
    public static PublicationFloor Open(PublicationFeedOptions options)
    {
        var path = Path.Combine(options.DataPath, FileName);
        return new PublicationFloor(path, options.MinimumPublication, !File.Exists(path) ? null : Parse(path, File.ReadAllText(path).Trim()));
    }

    /// <summary>Null when a publication that silos offer may come into force, else why not.</summary>
    /// <param name="candidate">The verified manifest.</param>
    /// <param name="running">What is in force.</param>
    public string? Objection(Manifest candidate, PublicationId? running) =>
        PublicationOrder.Objection(Seen, candidate, orEqual: candidate.Id != running) ?? BelowMinimum(candidate);

    /// <summary>Null when a publication obeys the floor of the settings, else why not.</summary>
    public string? BelowMinimum(Manifest candidate)
    {
        var isOfLineage = _minimumLineage is null || _minimumLineage == candidate.Lineage;
        var isFine = isOfLineage ? candidate.Number >= _minimum : candidate.Predecessors.Contains(_minimumLineage, StringComparer.Ordinal);
        return isFine ? null : $"publication {candidate.Id} is older than Gateway:Trust:MinimumPublication allows";
    }

    /// <summary>Notes what came into force; an older one, from a backup, changes nothing.</summary>
    public void Raise(Manifest inForce)
    {
        if (PublicationOrder.Objection(Seen, inForce) is null)
        {
            Seen = inForce.Id;
        }
    }

    /// <summary>Writes down what came into force, later than <see cref="Raise"/> and on another thread.</summary>
    public void Save(PublicationId inForce)
    {
        if (inForce != _saved)
        {
            PrivateFile.Write(_path, Encoding.UTF8.GetBytes(inForce + "\n"));
            _saved = inForce;
        }
    }

    private static PublicationId Parse(string path, string text)
    {
        var slash = text.LastIndexOf('/');
        return slash > 0 && long.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new PublicationId(text[..slash], number)
            : throw new ExitException(ExitCodes.DataFolder, $"The file {path} is damaged: it does not name a publication.");
    }
}
