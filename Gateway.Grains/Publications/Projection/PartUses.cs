namespace Gateway.Grains.Publications.Projection;

/// <summary>Which parts use which names.</summary>
internal sealed class PartUses(StringComparer comparer)
{
    private readonly Dictionary<string, HashSet<PartKey>> _users = new(comparer);
    private readonly Dictionary<PartKey, IReadOnlyCollection<string>> _uses = [];

    /// <summary>The parts that use a name.</summary>
    public IEnumerable<PartKey> Of(string name) => _users.GetValueOrDefault(name) ?? [];

    /// <summary>Notes what a part uses now.</summary>
    public void Set(PartKey part, IReadOnlyCollection<string> names)
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
}
