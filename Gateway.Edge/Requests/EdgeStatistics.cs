using System.Runtime.InteropServices;
using Gateway.Contracts.Nodes;

namespace Gateway.Edge.Requests;

/// <summary>What this edge has answered since it started, for its node's report.</summary>
public sealed class EdgeStatistics
{
    private static readonly double[] Bounds = [.. NodeReport.LatencyBounds];

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount)).Select(_ => new Stripe())];

    /// <summary>Requests answered.</summary>
    public long Requests => Sum(stripe => Interlocked.Read(ref stripe.Counts.Requests));

    /// <summary>Of these, answers of 500 and up.</summary>
    public long Errors => Sum(stripe => Interlocked.Read(ref stripe.Counts.Errors));

    /// <summary>Requests by duration; the bounds are <see cref="NodeReport.LatencyBounds"/>, the last count is of what is above.</summary>
    public long[] LatencyCounts =>
        [.. Enumerable.Range(0, Bounds.Length + 1).Select(index => Sum(stripe => Interlocked.Read(ref stripe.Latency[index])))];

    internal void Count(in RequestRecord record)
    {
        var stripe = _stripes[Thread.GetCurrentProcessorId() % _stripes.Length];
        Interlocked.Increment(ref stripe.Counts.Requests);
        if (record.Status >= StatusCodes.Status500InternalServerError)
        {
            Interlocked.Increment(ref stripe.Counts.Errors);
        }

        var milliseconds = record.Duration.TotalMilliseconds;
        var bucket = 0;
        while (bucket < Bounds.Length && milliseconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref stripe.Latency[bucket]);
    }

    private long Sum(Func<Stripe, long> count) => _stripes.Sum(count);

    /// <summary>Counts of one processor, so that processors do not wait for each other's cache lines.</summary>
    private sealed class Stripe
    {
        public readonly long[] Latency = new long[Bounds.Length + 1];
        public Padded Counts;
    }

    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Padded
    {
        [FieldOffset(64)] public long Requests;
        [FieldOffset(72)] public long Errors;
    }
}
