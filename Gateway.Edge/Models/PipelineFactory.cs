using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;

namespace Gateway.Edge.Models;

/// <summary>
/// Makes the pipelines of one publication while it is built: equal documents are parsed once, equal combinations are one
/// pipeline.
/// </summary>
internal sealed class PipelineFactory
{
    private readonly Dictionary<PolicyText, PolicyDocument> _documents = [];
    private readonly Dictionary<(PolicyPipeline, PolicyDocument), PolicyPipeline> _extended = [];

    /// <summary>Takes over documents that are parsed already.</summary>
    public void Adopt(IEnumerable<KeyValuePair<PolicyText, PolicyDocument>> documents)
    {
        foreach (var (text, document) in documents)
        {
            _documents.TryAdd(text, document);
        }
    }

    /// <summary>Parses a document.</summary>
    /// <exception cref="FormatException">It does not suit this version.</exception>
    public PolicyDocument Parse(PolicyText text)
    {
        if (!_documents.TryGetValue(text, out var document))
        {
            document = PolicyDocument.Parse(PolicyTree.Deserialize(text.Text), text.Scope);
            _documents.Add(text, document);
        }

        return document;
    }

    /// <summary>A pipeline with a narrower document around it; the same pipeline when there is none.</summary>
    public PolicyPipeline Extend(PolicyPipeline pipeline, PolicyDocument? document)
    {
        if (document is null)
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
