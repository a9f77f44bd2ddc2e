using Gateway.Contracts.Nodes;

namespace Gateway.Grains.Nodes;

/// <summary>What a site knows of its nodes, and what is worth storing of it. Times are given, nothing waits.</summary>
internal sealed class NodeBoard(NodeOptions options)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes over what another activation had stored. The stored time of a node's last word lags behind, so that a node which may well
    /// be alive gets the time to be heard again before it counts as stale.
    /// </summary>
    public void Load(IEnumerable<NodeStatus> stored, DateTimeOffset now)
    {
        foreach (var status in stored)
        {
            var mayLag = now - status.LastSeen < options.HeartbeatPeriod + options.StaleAfter;
            _entries.TryAdd(Key(status), new Entry { Status = status, SilentSince = mayLag ? now : status.LastSeen, Stored = status });
        }
    }

    /// <summary>A node was heard. The word of a process that a later one of the same name has replaced does not count.</summary>
    public void Observe(NodeStatus status)
    {
        var key = Key(status);
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries[key] = entry = new Entry { Status = status };
        }
        else if (status.Report.StartedAt < entry.Status.Report.StartedAt)
        {
            return;
        }

        entry.Status = status;
        entry.SilentSince = status.LastSeen;
        _forgotten.Remove(key);
    }

    /// <summary>
    /// The nodes that serve a gateway, with their states as of now: those of its site, and edges here. Silos here serve every gateway that has no site
    /// of its own.
    /// </summary>
    public NodeStatus[] List(string gateway, DateTimeOffset now)
    {
        Forget(now);
        var hasSite = _entries.Values.Any(entry => entry.Status.Report.Site == gateway);
        return [.. _entries.Values
            .Where(entry => entry.Status.Report is var report && (report.Site is not null ? report.Site == gateway : report.Gateway == gateway || (report.Role == NodeRole.Silo && !hasSite)))
            .OrderBy(entry => entry.Status.Report.Name, StringComparer.Ordinal)
            .ThenBy(entry => entry.Status.Report.Role)
            .Select(entry => entry.Status with { Report = entry.Status.Report with { State = StateOf(entry, now) } })];
    }

    /// <summary>What to store and what to delete to bring the store up to date.</summary>
    public (KeyValuePair<string, NodeStatus>[] Changed, string[] Forgotten) Unsaved(DateTimeOffset now)
    {
        Forget(now);
        var changed = _entries.Where(entry => IsWorthStoring(entry.Value)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Status));
        return ([.. changed], [.. _forgotten]);
    }

    /// <summary>What <see cref="Unsaved"/> gave has been stored.</summary>
    public void Saved(KeyValuePair<string, NodeStatus>[] changed, string[] forgotten)
    {
        foreach (var (key, status) in changed)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                entry.Stored = status;
            }
        }

        _forgotten.ExceptWith(forgotten);
    }

    private static string Key(NodeStatus status) => NodeKeys.Of(status.Report.Role, status.Report.Name, status.Report.Site);

    private NodeState StateOf(Entry entry, DateTimeOffset now)
    {
        var silence = now - entry.SilentSince;
        var staleAfter = entry.Status.Report.Site is null ? options.StaleAfter : options.SiteStaleAfter;
        return entry.Status.Report.State == NodeState.Gone || (silence >= options.GoneAfter && silence >= staleAfter) ? NodeState.Gone
            : silence >= staleAfter ? NodeState.Stale
            : entry.Status.Report.State;
    }

    private bool IsWorthStoring(Entry entry) =>
        entry.Stored is not { } stored
        || stored.Report.State != entry.Status.Report.State
        || stored.Report.Publication != entry.Status.Report.Publication
        || stored.Report.StartedAt != entry.Status.Report.StartedAt
        || entry.Status.LastSeen - stored.LastSeen >= options.HeartbeatPeriod;

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, _) in _entries.Where(entry => now - entry.Value.SilentSince >= options.ForgetAfter).ToArray())
        {
            _entries.Remove(key);
            _forgotten.Add(key);
        }
    }

    private sealed class Entry
    {
        public required NodeStatus Status { get; set; }

        public DateTimeOffset SilentSince { get; set; }

        public NodeStatus? Stored { get; set; }
    }
}
