namespace Gateway.Grains.Publications.Projection;

/// <summary>The policy fragments by their ids; and which parts include which.</summary>
internal sealed class FragmentTable
{
    private readonly Dictionary<string, DocumentText> _texts = new(StringComparer.Ordinal);

    /// <summary>Which parts include which.</summary>
    public PartUses Uses { get; } = new(StringComparer.Ordinal);

    /// <summary>The fragment of an id; null when there is none.</summary>
    public DocumentText? this[string id] => _texts.GetValueOrDefault(id);

    /// <summary>Takes in a fragment, or its end; returns the parts to build again.</summary>
    public IEnumerable<PartKey> Set(string id, DocumentText? text)
    {
        if (text is null)
        {
            _texts.Remove(id);
        }
        else
        {
            _texts[id] = text;
        }

        return Uses.Of(id);
    }
}
