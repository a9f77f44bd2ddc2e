using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// The durable side of one quota: what of its period's allowance this holder has reserved in the state store, and what of that is not lent. Whoever
/// holds it reads and writes the store between the calls; one write is under way at a time.
/// </summary>
internal sealed class QuotaAccount(SiteTime site)
{
    private const int ChunksPerLimit = 20;
    private const int RefillParts = 4;
    private const long RetentionAfterEnd = 24 * 3600 * 1000;
    private const int ConflictRetry = 20;
    private const int MostOwed = 64;
    private const long Nothing = long.MinValue;

    private static readonly Dictionary<Guid, long> NothingOwed = [];

    private Dictionary<Guid, long>? _owed;
    private QuotaRecord? _record;
    private bool _isRecordStored;
    private string? _stored;
    private Attempt? _attempt;
    private bool _isKnown;
    private bool _isRead;
    private bool _isFresh;
    private long _set = Nothing;

    /// <summary>Reserved tokens that are not lent; below zero, what was used beyond them and is not reserved yet.</summary>
    public long Pool { get; private set; }

    /// <summary>All that holders have reserved of the period, by the store.</summary>
    public long Reserved => _record?.Reserved ?? 0;

    /// <summary>True when the store did not answer the last time.</summary>
    public bool IsAway { get; private set; }

    /// <summary>The store is not asked before.</summary>
    public long NotBefore { get; private set; } = long.MinValue;

    /// <summary>True while a count is to be set.</summary>
    public bool IsSetting => _set != Nothing;

    /// <summary>True when the record has to be read before anything else.</summary>
    public bool NeedsRead(long now) => !_isRead || !site.IsKnown || (!_isFresh && !IsInPeriod(now));

    /// <summary>True when the period is known and goes on.</summary>
    public bool IsOpen(long now) => _isKnown && IsInPeriod(now);

    /// <summary>True when the record was read once, so that what edges owe is compared with it.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>True when the period was opened here, so that nobody else has lent anything of it.</summary>
    public bool IsOpenedHere { get; private set; }

    /// <summary>True when operators find the counter, for as long as its period lasts.</summary>
    public bool IsListed { get; private set; }

    /// <summary>What is neither lent nor used, reserved or not.</summary>
    public long Free(long limit) => limit - Reserved + Pool;

    /// <summary>How long the period still lasts, in milliseconds; <see cref="QuotaCalendar.Never"/> when it never ends.</summary>
    public long EndsIn(long now) => _record is not { } record ? 0 : record.End == QuotaCalendar.Never ? QuotaCalendar.Never : record.End - site.At(now);

    /// <summary>The period of a moment, by the site's time.</summary>
    public (long Start, long End) PeriodAt(QuotaPeriod quota, long now) => QuotaCalendar.PeriodAt(quota, site.At(now));

    /// <summary>The chunk in which allowance is reserved.</summary>
    public static long Chunk(long limit) => Math.Max(1, limit / ChunksPerLimit);

    /// <summary>True when more was used than is reserved, and the store does not know.</summary>
    public bool IsOwing(long now) => Pool < 0 && !IsOver(now);

    /// <summary>True when more than some is in the pool, and is of use to whoever follows.</summary>
    public bool Exceeds(long count, long now) => Pool > count && !IsOver(now);

    /// <summary>True when so little is in the pool that more is worth a write, or less than somebody needs, and there is more.</summary>
    public bool IsLow(long limit, long least) => limit > Reserved && (Pool <= Chunk(limit) / RefillParts || Pool < least);

    /// <summary>Lends from the pool.</summary>
    public void Take(long count) => Pool -= count;

    /// <summary>Takes tokens back. Never more than what is reserved and not lent to others.</summary>
    public void GiveBack(long count, long stillLent)
    {
        if (_record is not null && count > 0)
        {
            Pool = Math.Max(Pool, Math.Min(Pool + count, Reserved - stillLent));
        }
    }

    /// <summary>An edge says what it has used beyond what was granted, all in all. Not before the record is known, which holds what is charged already.</summary>
    public void Owe(Guid edge, long total)
    {
        var known = _owed?.GetValueOrDefault(edge) ?? 0;
        if (_isKnown && total != known)
        {
            // Less than before: the edge has forgotten the counter in between.
            Pool -= total > known ? total - known : total;
            (_owed ??= [])[edge] = total;
        }
    }

    /// <summary>The count is to be set, as soon as nothing else is under way.</summary>
    public void Set(long count) => _set = count;

    /// <summary>Goes on from a record that another holder handed over; the store decides.</summary>
    public void Restore(QuotaRecord? record)
    {
        _record = record;
        Adopt(record);
    }

    /// <summary>The record as it is believed to be.</summary>
    public QuotaRecord? Record => _record;

    /// <summary>Takes a reading of the store, with the site's time of the same moment.</summary>
    /// <returns>True when a period begins that somebody else has opened.</returns>
    public bool Read(string? text)
    {
        var (attempt, before) = (_attempt, _record);
        (_attempt, _stored, _isRecordStored, _isKnown, _isRead, _isFresh, IsAway) = (null, text, false, true, true, true, false);
        var stored = QuotaRecord.Parse(text);
        if (attempt is not null && text == attempt.Text)
        {
            Apply(attempt);
            return attempt.IsOpening;
        }

        // A write that is not there may still come: what it was to give back is not lent again.
        if (stored is not { } written || written.Nonce == before?.Nonce)
        {
            // A store that has lost what it acknowledged is told again.
            return false;
        }

        // Somebody else has written.
        IsOpenedHere = false;
        Pool = Math.Min(0, Pool);
        Adopt(stored);
        if (before is not { } known || written.End > known.End)
        {
            _record = stored;
            return before is not null;
        }

        if (written.End == known.End && written.Reserved > known.Reserved)
        {
            _record = known with { Reserved = written.Reserved };
        }

        return false;
    }

    /// <summary>What to write now; null for nothing, or when the record has to be read first.</summary>
    public QuotaWrite? Plan(long now, CounterId counter, in QuotaNeed need, QuotaNonce nonce)
    {
        if (_attempt is not null || NeedsRead(now))
        {
            return null;
        }

        var isOpening = !IsInPeriod(now);
        var raise = isOpening ? Opening(need) : Raise(need);
        if (!IsSetting && raise == 0)
        {
            _isFresh = false;
            return null;
        }

        var (start, end, reserved) = isOpening ? Period(now, need.Definition.Quota!) : _record is { } record ? (record.Start, record.End, record.Reserved) : default;
        reserved = IsSetting ? _set + need.Lent : reserved + raise;
        var next = new QuotaRecord(start, end, reserved, nonce, Remembered());
        _attempt = new Attempt(
            new QuotaWrite(
                counter,
                _isRecordStored ? _record.ToString() : _stored,
                next,
                end == QuotaCalendar.Never ? null : end - site.At(now) + RetentionAfterEnd,
                need.Label is not null && (isOpening || !IsListed) ? new QuotaEntry(need.Label, need.Definition) : null),
            next.ToString(),
            isOpening,
            IsSetting,
            IsSetting ? 0 : Math.Max(0, raise));
        Pool = _attempt.IsSetting ? 0 : Pool + Math.Min(0, raise);
        return _attempt.Write;
    }

    /// <summary>What became of the write.</summary>
    /// <returns>True when a period begins with it.</returns>
    public bool Settle(long now, bool isWritten)
    {
        var attempt = _attempt!;
        _attempt = null;
        IsAway = false;
        if (isWritten)
        {
            Apply(attempt);
            return attempt.IsOpening;
        }

        Pool = Math.Min(0, Pool);
        _isRead = false;
        NotBefore = now + ConflictRetry;
        return false;
    }

    /// <summary>The store has not answered: what was written is seen with the next reading.</summary>
    public void Fail(long now, int retry)
    {
        (_isRead, IsAway, NotBefore) = (false, true, now + retry);
    }

    private bool IsOver(long now) => _record is { } record && site.IsKnown && site.At(now) >= record.End;

    private bool IsInPeriod(long now) => _record is { } record && site.IsKnown && site.At(now) < record.End;

    private void Apply(Attempt attempt)
    {
        if (attempt.IsOpening && _record is not null)
        {
            // Nothing of the last period counts any more.
            Pool = 0;
        }

        // The text is made again when it is needed: there may be a million of them.
        (_record, _stored, _isRecordStored) = (attempt.Write.Next, null, true);
        Pool += attempt.Raised;
        _isFresh = false;
        IsOpenedHere |= attempt.IsOpening;
        IsListed = attempt.Write.Entry is not null || (IsListed && !attempt.IsOpening);
        if (attempt.IsSetting)
        {
            _set = Nothing;
        }
    }

    private long Opening(in QuotaNeed need) => (_record is null ? Math.Max(0, -Pool) : 0) + (need.Wanted > 0 ? Math.Min(need.Definition.Limit, Math.Max(Chunk(need.Definition.Limit), need.Wanted)) : 0);

    private long Raise(in QuotaNeed need)
    {
        var limit = need.Definition.Limit;
        var debt = Math.Max(0, -Pool);
        if (need.Wanted > 0 && IsLow(limit, need.Wanted))
        {
            var room = Math.Max(0, limit - Reserved - debt);
            return debt + Math.Min(Math.Max(Chunk(limit), need.Wanted) - Math.Max(0, Pool), room);
        }

        var keep = need.Keeps switch { QuotaKeep.Nothing => 0, QuotaKeep.Chunk => Chunk(limit), _ => long.MaxValue };
        return debt > 0 ? debt : Math.Min(0, keep - Pool);
    }

    private (long Start, long End, long Reserved) Period(long now, QuotaPeriod quota)
    {
        var (start, end) = PeriodAt(quota, now);
        return (Math.Max(start, _record?.End ?? long.MinValue), end, 0);
    }

    // What is charged for edges is as durable as the count that holds it. Edges come and go: those that came last are live.
    private Dictionary<Guid, long> Remembered() => _owed is null ? NothingOwed : new(_owed.Where(edge => edge.Value > 0).TakeLast(MostOwed));

    private void Adopt(QuotaRecord? record)
    {
        foreach (var (edge, total) in record?.Owed ?? NothingOwed)
        {
            _owed ??= [];
            _owed[edge] = Math.Max(total, _owed.GetValueOrDefault(edge));
        }
    }

    private sealed record Attempt(QuotaWrite Write, string Text, bool IsOpening, bool IsSetting, long Raised);
}
