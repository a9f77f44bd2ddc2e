using System.Text.Json.Nodes;

namespace Gateway.Grains.Publications.Projection;

/// <summary>The named values by the name that documents use, <c>{{name}}</c>; and which parts use which.</summary>
internal sealed class NamedValueTable
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Id, string Value)> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which parts use which.</summary>
    public PartUses Uses { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of a name; null when there is none.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var found) ? found.Value : null;

    /// <summary>Takes in a named value, or its end; returns the parts to build again.</summary>
    public IEnumerable<PartKey> Set(string id, JsonObject? properties)
    {
        var dirty = new HashSet<PartKey>();
        if (_names.Remove(id, out var old))
        {
            dirty.UnionWith(Uses.Of(old));
            if (_values.TryGetValue(old, out var holder) && holder.Id == id)
            {
                // Two values of one change set may swap names: the other one's stays.
                _values.Remove(old);
            }
        }

        if (properties?.Text("displayName") is { } name)
        {
            _names[id] = name;
            _values[name] = (id, properties.Text("value") ?? "");
            dirty.UnionWith(Uses.Of(name));
        }

        return dirty;
    }
}
