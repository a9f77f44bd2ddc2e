using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Cli.Policies;

/// <summary>Checks documents as a silo does when they are saved, and says what of that needs to be known from elsewhere.</summary>
internal sealed class DocumentCheck(KnownResources known)
{
    /// <summary>Documents that are compiled together share the start of it; more at a time only take memory.</summary>
    private const int BatchSize = 100;

    private const string MissingCode = nameof(PolicyFinding.MissingReference);

    /// <summary>True for fragments, false for policy documents, null to tell by each document.</summary>
    public bool? IsFragment { get; init; }

    /// <summary>Where the documents will stand; several scopes for one of them.</summary>
    public PolicyScope Scope { get; init; } = PolicyScope.All;

    /// <summary>True when what does not exist is an error.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The findings in the order of the files.</summary>
    public IReadOnlyList<CheckFinding> Run(IReadOnlyList<DocumentFile> files, CancellationToken cancellation) =>
        [.. files.Chunk(BatchSize).SelectMany(batch => Check(batch, cancellation))];

    private IEnumerable<CheckFinding> Check(DocumentFile[] files, CancellationToken cancellation)
    {
        var read = Array.FindAll(files, file => file.Text is not null);
        var compilations = read.Zip(PolicyDocumentCompiler.Check(Array.ConvertAll(read, Source), cancellation)).ToDictionary(pair => pair.First, pair => pair.Second);
        return files.SelectMany(file => compilations.TryGetValue(file, out var compilation) ? Findings(file, compilation) : [TooLong(file)]);
    }

    private PolicySource Source(DocumentFile file)
    {
        var resources = known.For(file.Path);
        return new PolicySource
        {
            Text = file.Text!,
            IsRaw = true,
            IsFragment = IsFragment ?? DocumentKinds.IsFragment(file.Text!),
            Scope = Scope,
            IsTentative = true,
            NamedValues = resources.NamedValue,
            Fragments = resources.Fragment,
        };
    }

    private IEnumerable<CheckFinding> Findings(DocumentFile file, PolicyCompilation compilation)
    {
        var resources = known.For(file.Path);
        var missing = compilation.References.Where(reference => !reference.Path.StartsWith("/policyFragments/", StringComparison.Ordinal) && !resources.Has(reference.Path))
            .DistinctBy(reference => reference.Path)
            .Select(reference => new CheckFinding(file.Path, reference.Line, reference.Column, IsStrict, MissingCode, $"The resource '{reference.Path}' does not exist."));
        return compilation.Diagnostics.Select(finding => new CheckFinding(
                file.Path,
                finding.Line,
                finding.Column,
                finding.Severity == PolicySeverity.Error || (IsStrict && finding.Kind == PolicyFinding.MissingReference),
                finding.Kind.ToString(),
                finding.Path.Length == 0 ? finding.Message : $"{finding.Message} (in {finding.Path})"))
            .Concat(missing).OrderBy(finding => finding.Line).ThenBy(finding => finding.Column);
    }

    private static CheckFinding TooLong(DocumentFile file) =>
        new(file.Path, 1, 1, IsError: true, nameof(PolicyFinding.MalformedDocument), $"A policy document may have {PolicySource.MaximumBytes / 1024} KB at most.");
}
