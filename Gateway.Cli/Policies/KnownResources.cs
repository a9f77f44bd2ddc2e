using Gateway.Cli.Apply;
using Gateway.Hosting.Running;
using Gateway.PolicyCompiler;

namespace Gateway.Cli.Policies;

/// <summary>What exists for the documents that are checked: what a folder declares, and what a table says of each document.</summary>
internal sealed class KnownResources
{
    private readonly Dictionary<string, NamedValue> _namedValues = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FragmentText> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FragmentText> _fragments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private NeedsTable? _needs;

    /// <summary>Reads the folder and the table.</summary>
    /// <param name="catalog">A folder as <c>gateway apply</c> takes it; null for none.</param>
    /// <param name="needs">The file with the table; null for none.</param>
    /// <exception cref="ExitException">One of them cannot be read.</exception>
    public static KnownResources Read(string? catalog, string? needs)
    {
        var known = new KnownResources();
        if (catalog is not null)
        {
            known.ReadCatalog(catalog);
        }

        known._needs = needs is null ? null : NeedsTable.Read(needs);
        return known;
    }

    /// <summary>True when the folder declares a resource at a path.</summary>
    public bool Has(string path) => _paths.Contains(path);

    /// <summary>The policy document at a path of the folder; null when there is none.</summary>
    public FragmentText? Document(string path) => _documents.GetValueOrDefault(path);

    /// <summary>What exists for one document.</summary>
    public DocumentResources For(string path) => new(this, _needs?.Of(path));

    private void ReadCatalog(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ExitException(ExitCodes.Setting, $"There is no folder '{folder}'.");
        }

        var content = FolderReader.Read(folder);
        if (content.Errors.Count > 0)
        {
            throw new ExitException(ExitCodes.Setting, string.Join('\n', content.Errors.Select(error => $"{Path.Combine(folder, error.File)}: {error.Message}")));
        }

        foreach (var change in content.Changes)
        {
            _paths.Add(change.Id);
            if (change.Id.StartsWith("/namedValues/", StringComparison.Ordinal))
            {
                // The value of a secret is not in such a folder.
                _namedValues[Text("displayName") ?? Path.GetFileName(change.Id)] = Text("value") is { } value ? new(value, IsSecret: true) : NamedValue.Unknown;
            }
            else if (change.Id.StartsWith("/policyFragments/", StringComparison.Ordinal))
            {
                _fragments[Path.GetFileName(change.Id)] = new(Text("value")!, Text("format") == "rawxml");
            }

            else if (change.Id.EndsWith("/policies/policy", StringComparison.Ordinal))
            {
                _documents[change.Id] = new(Text("value")!, Text("format") == "rawxml");
            }

            string? Text(string name) => change.Properties[name] is { } node && node.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string?)node : null;
        }
    }

    /// <summary>What exists for one document.</summary>
    internal sealed class DocumentResources(KnownResources all, DocumentNeeds? needs)
    {
        private static readonly FragmentText _anyFragment = new("<fragment />", IsRaw: true);

        /// <summary>The named value of a name; null when there is none.</summary>
        public NamedValue? NamedValue(string name) =>
            all._namedValues.GetValueOrDefault(name) ?? (needs?.NamedValues.Contains(name) == true ? PolicyCompiler.NamedValue.Unknown : null);

        /// <summary>The fragment of an id; null when there is none.</summary>
        public FragmentText? Fragment(string id) => all._fragments.GetValueOrDefault(id) ?? (needs?.Fragments.Contains(id) == true ? _anyFragment : null);

        /// <summary>True when there is a resource at a path.</summary>
        public bool Has(string path) => all._paths.Contains(path) || needs?.Paths.Contains(path) == true;
    }
}
