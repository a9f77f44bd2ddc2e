using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;

namespace Gateway.Edge.Models;

/// <summary>
/// Makes the pipelines of one publication while it is built: equal documents are parsed once, equal combinations are one
/// pipeline.
/// </summary>
/// <param name="programs">Gives the expressions of a program of the publication by its key; null when it has no such program.</param>
internal sealed class PipelineFactory(Func<string, LoadedProgram?> programs)
{
    private readonly Dictionary<PolicyText, ParsedDocument> _documents = [];
    private readonly Dictionary<(PolicyPipeline, PolicyDocument), PolicyPipeline> _extended = [];

    /// <summary>Takes over documents that are parsed already.</summary>
    public void Adopt(IEnumerable<KeyValuePair<PolicyText, ParsedDocument>> documents)
    {
        foreach (var (text, document) in documents)
        {
            _documents.TryAdd(text, document);
        }
    }

    /// <summary>Parses a document.</summary>
    /// <exception cref="FormatException">It does not suit this version.</exception>
    public ParsedDocument Parse(PolicyText text)
    {
        if (!_documents.TryGetValue(text, out var document))
        {
            var tree = PolicyTree.Deserialize(text.Text);
            var program = tree.Program is { } key ? ProgramOf(key) : null;
            document = new ParsedDocument(PolicyDocument.Parse(tree, text.Scope, program), program);
            _documents.Add(text, document);
        }

        return document;
    }

    private LoadedProgram ProgramOf(string key) =>
        programs(key) ?? throw new FormatException($"The publication lacks program {key}, which its policy documents name.");

    /// <summary>A pipeline with a narrower document around it; the same pipeline when there is none.</summary>
    public PolicyPipeline Extend(PolicyPipeline pipeline, ParsedDocument? parsed)
    {
        if (parsed?.Document is not { } document)
        {
            return pipeline;
        }

        if (!_extended.TryGetValue((pipeline, document), out var extended))
        {
            extended = pipeline.Extend(document);
            _extended.Add((pipeline, document), extended);
        }

        return extended;
    }
}

/// <summary>A policy document as publications carry it.</summary>
/// <param name="Scope">The scope it stands at.</param>
/// <param name="Text">The serialised checked tree.</param>
internal readonly record struct PolicyText(PolicyScope Scope, string Text);

/// <summary>A policy document with its policies made.</summary>
/// <param name="Document">The document.</param>
/// <param name="Program">Holds its expressions; stays loaded as long as this is held. Null when there are none.</param>
internal sealed record ParsedDocument(PolicyDocument Document, LoadedProgram? Program);
