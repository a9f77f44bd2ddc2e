using System.Text.Json.Nodes;

namespace Gateway.Grains.Publications.Projection;

/// <summary>The named values by the name that documents use, <c>{{name}}</c>; and which parts use which.</summary>
internal sealed class NamedValueTable
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Id, string Value)> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HashSet<PartKey>> _users = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<PartKey, IReadOnlyCollection<string>> _uses = [];

    /// <summary>The value of a name; null when there is none.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var found) ? found.Value : null;

    /// <summary>Takes in a named value, or its end; returns the parts to build again.</summary>
    public IEnumerable<PartKey> Set(string id, JsonObject? properties)
    {
        var dirty = new HashSet<PartKey>();
        if (_names.Remove(id, out var old))
        {
            dirty.UnionWith(UsersOf(old));
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
            dirty.UnionWith(UsersOf(name));
        }

        return dirty;
    }

    /// <summary>Notes what a part uses now.</summary>
    public void Uses(PartKey part, IReadOnlyCollection<string> names)
    {
        if (_uses.Remove(part, out var before))
        {
            foreach (var name in before)
            {
                _users[name].Remove(part);
                if (_users[name].Count == 0)
                {
                    _users.Remove(name);
                }
            }
        }

        if (names.Count == 0)
        {
            return;
        }

        _uses[part] = names;
        foreach (var name in names)
        {
            if (!_users.TryGetValue(name, out var users))
            {
                _users[name] = users = [];
            }

            users.Add(part);
        }
    }

    private IEnumerable<PartKey> UsersOf(string name) => _users.GetValueOrDefault(name) ?? [];
}
