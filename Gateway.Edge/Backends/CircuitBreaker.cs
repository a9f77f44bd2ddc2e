using System.Globalization;
using Gateway.Contracts.Publications;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Backends;

/// <summary>
/// Takes a backend out of use for a while when it fails too often, on this edge. Failures are counted in slices of the interval without locks: a request that
/// counts while a slice is cleared may be lost, which is as exact as this has to be.
/// </summary>
internal sealed class CircuitBreaker(CircuitBreakerEntry rule)
{
    // A share says nothing of fewer.
    private const int LeastForShare = 10;
    private const int Slices = 10;

    private static readonly StatusRange[] s_serverErrors = [new(500, 599)];

    private readonly Slice[] _slices = [.. Enumerable.Range(0, Slices).Select(_ => new Slice())];
    private readonly long _sliceTicks = Math.Max(1, rule.Interval.Ticks / Slices);
    private readonly IReadOnlyList<StatusRange> _statuses = rule.Statuses.Count == 0 && rule.Reasons.Count == 0 ? s_serverErrors : rule.Statuses;
    private long _openUntil;

    /// <summary>True while the backend is out of use.</summary>
    public bool IsOpen(DateTimeOffset now) => now.UtcTicks < Volatile.Read(ref _openUntil);

    /// <summary>True when the rule of a newer publication is the same: then what was counted stays.</summary>
    public bool Is(CircuitBreakerEntry other) =>
        rule with { Statuses = s_serverErrors, Reasons = [] } == other with { Statuses = s_serverErrors, Reasons = [] }
        && rule.Statuses.SequenceEqual(other.Statuses) && rule.Reasons.SequenceEqual(other.Reasons);

    /// <summary>An answer came.</summary>
    public void Answered(DateTimeOffset now, int status, StringValues retryAfter)
    {
        var hasFailed = IsFailure(status);
        if (Count(now, hasFailed))
        {
            Open(now, rule.AcceptRetryAfter ? Read(retryAfter, now) : null);
        }
    }

    /// <summary>No answer came.</summary>
    public void Failed(DateTimeOffset now, BackendFailure failure)
    {
        // Neither is the backend's doing.
        if (failure is BackendFailure.ClientAborted or BackendFailure.Loop or BackendFailure.NoDestination)
        {
            return;
        }

        var reason = failure == BackendFailure.Timeout ? "Timeout" : "BackendConnectionFailure";
        if (Count(now, IsFailure(StatusCodes.Status500InternalServerError) || rule.Reasons.Contains(reason, StringComparer.OrdinalIgnoreCase)))
        {
            Open(now, null);
        }
    }

    private static TimeSpan? Read(StringValues retryAfter, DateTimeOffset now)
    {
        var text = retryAfter.ToString();
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
        }

        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) && until > now
            ? TimeSpan.FromTicks(Math.Min((until - now).Ticks, TimeSpan.TicksPerDay))
            : null;
    }

    private bool IsFailure(int status)
    {
        foreach (var range in _statuses)
        {
            if (status >= range.Minimum && status <= range.Maximum)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when that was one failure too many.</summary>
    private bool Count(DateTimeOffset now, bool hasFailed)
    {
        var number = now.UtcTicks / _sliceTicks;
        _slices[number % Slices].Count(number, hasFailed);
        if (!hasFailed)
        {
            return false;
        }

        var (failures, all) = (0, 0);
        foreach (var slice in _slices)
        {
            if (slice.Number > number - Slices)
            {
                failures += slice.Failures;
                all += slice.All;
            }
        }

        return rule.Count is { } most ? failures >= most : all >= LeastForShare && failures * 100L >= (long)all * rule.Percentage.GetValueOrDefault(100);
    }

    private void Open(DateTimeOffset now, TimeSpan? wished)
    {
        Volatile.Write(ref _openUntil, (now + (wished is { } period && period > TimeSpan.Zero ? period : rule.TripDuration)).UtcTicks);
        foreach (var slice in _slices)
        {
            slice.Clear(-1);
        }
    }

    private sealed class Slice
    {
        private long _number = -1;
        private int _failures;
        private int _all;

        public long Number => Volatile.Read(ref _number);

        public int Failures => Volatile.Read(ref _failures);

        public int All => Volatile.Read(ref _all);

        public void Count(long number, bool hasFailed)
        {
            if (Number != number)
            {
                Clear(number);
            }

            Interlocked.Increment(ref _all);
            if (hasFailed)
            {
                Interlocked.Increment(ref _failures);
            }
        }

        public void Clear(long number)
        {
            Volatile.Write(ref _failures, 0);
            Volatile.Write(ref _all, 0);
            Volatile.Write(ref _number, number);
        }
    }
}
