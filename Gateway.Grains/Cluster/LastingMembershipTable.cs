using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Cluster;

/// <summary>
/// The silos' list of each other, which outlives the store that it is kept in. When a silo that ran on finds the list lost, by an operator's FLUSHALL or an old copy of the
/// store, it writes back what it knew, under a version that every silo takes for a newer one: those who live are found again, and those who ended meanwhile can be voted dead.
/// </summary>
/// <param name="table">Keeps the list.</param>
/// <param name="raiseAsync">Puts the version of the list above the one given when it is missing or smaller; true when it was.</param>
/// <param name="self">This silo.</param>
/// <param name="logger">Is told when the list was lost.</param>
internal sealed partial class LastingMembershipTable(IMembershipTable table, Func<int, Task<bool>> raiseAsync, SiloAddress self, ILogger<LastingMembershipTable> logger) : IMembershipTable
{
    // All silos write back at the same time, one row after the other, and each write of one makes the others look again.
    private const int Attempts = 100;
    private const int MostFailures = 3;
    private const string Old = "Use the form with a cancellation token.";

    private readonly Lock _lock = new();
    private volatile Known _known = new(0, new Dictionary<SiloAddress, MembershipEntry>());

    /// <inheritdoc />
    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        var (isTold, failures) = (false, 0);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var known = _known;
            if (await TryReadAsync(known, failures, cancellationToken) is not { } read)
            {
                failures++;
                continue;
            }

            var lost = Lost(known, read);
            if (lost.Length == 0)
            {
                Note(read.Version.Version, read.Members.Select(member => member.Item1), isAll: true);
                return read;
            }

            if (!isTold)
            {
                isTold = true;
                Log.Lost(logger, string.Join(", ", lost.Select(entry => entry.SiloAddress)));
            }

            await WriteBackAsync(read, lost, cancellationToken);
        }

        throw new OrleansException("The list of silos was lost with the state store, and could not be written back: others write to it all the time.");
    }

    /// <inheritdoc />
    public async Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        NoteWritten(await table.InsertRowAsync(entry, tableVersion, cancellationToken), entry, tableVersion);

    /// <inheritdoc />
    public async Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        NoteWritten(await table.UpdateRowAsync(entry, etag, tableVersion, cancellationToken), entry, tableVersion);

    /// <inheritdoc />
    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) => table.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken);

    /// <inheritdoc />
    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) => table.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken);

    /// <inheritdoc />
    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) => table.CleanupDefunctSiloEntriesAsync(beforeDate, cancellationToken);

    /// <inheritdoc />
    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) => table.ReadRowAsync(key, cancellationToken);

    /// <inheritdoc />
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => table.UpdateIAmAliveAsync(entry, cancellationToken);

    // Orleans has both forms, and calls the other one.
    [Obsolete(Old)]
    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(CancellationToken.None);

    [Obsolete(Old)]
    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    [Obsolete(Old)]
    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    [Obsolete(Old)]
    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    [Obsolete(Old)]
    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    [Obsolete(Old)]
    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    [Obsolete(Old)]
    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    [Obsolete(Old)]
    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    // Null when the list was begun anew, by this silo or by another one a moment ago: Orleans' table refuses to read one that is not there. A list of a version that silos know is not looked at by them.
    private async Task<MembershipTableData?> TryReadAsync(Known known, int failures, CancellationToken cancellationToken)
    {
        MembershipTableData read;
        try
        {
            read = await table.ReadAllAsync(cancellationToken);
        }
        catch (Exception) when (known.Version > 0 && failures < MostFailures)
        {
            await raiseAsync(known.Version);
            return null;
        }

        return read.Version.Version < known.Version && await raiseAsync(known.Version) ? null : read;
    }

    // The row of an active silo is never removed, and no row goes back in its life.
    private MembershipEntry[] Lost(Known known, MembershipTableData read) =>
        known.Entries.TryGetValue(self, out var mine) && mine is { Status: SiloStatus.Joining or SiloStatus.Active } && !IsReplaced(mine, read)
            ? [.. known.Entries.Values.Where(entry => entry == mine
                ? read.TryGet(self) is not { } row || row.Item1.Status < mine.Status
                : entry.Status == SiloStatus.Active && read.TryGet(entry.SiloAddress) is null && !IsReplaced(entry, read))]
            : [];

    private async Task WriteBackAsync(MembershipTableData read, MembershipEntry[] lost, CancellationToken cancellationToken)
    {
        var version = read.Version;
        foreach (var entry in lost)
        {
            version = version.Next();
            if (!(read.TryGet(entry.SiloAddress) is { } row ? await table.UpdateRowAsync(entry, row.Item2, version, cancellationToken) : await table.InsertRowAsync(entry, version, cancellationToken)))
            {
                return;
            }
        }
    }

    private bool NoteWritten(bool isWritten, MembershipEntry entry, TableVersion version)
    {
        if (isWritten)
        {
            Note(version.Version, [entry], isAll: false);
        }

        return isWritten;
    }

    private void Note(int version, IEnumerable<MembershipEntry> entries, bool isAll)
    {
        lock (_lock)
        {
            if (version < _known.Version)
            {
                return;
            }

            var noted = isAll ? [] : new Dictionary<SiloAddress, MembershipEntry>(_known.Entries);
            foreach (var entry in entries)
            {
                noted[entry.SiloAddress] = entry;
            }

            _known = new Known(version, noted);
        }
    }

    // The same place, started again later.
    private static bool IsReplaced(MembershipEntry entry, MembershipTableData read) => read.Members.Any(member =>
        member.Item1.SiloAddress.Endpoint.Equals(entry.SiloAddress.Endpoint) && member.Item1.SiloAddress.Generation > entry.SiloAddress.Generation);

    private sealed record Known(int Version, IReadOnlyDictionary<SiloAddress, MembershipEntry> Entries);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The list of silos was lost with the state store; those that were known are written back: {Silos}.")]
        public static partial void Lost(ILogger logger, string silos);
    }
}
