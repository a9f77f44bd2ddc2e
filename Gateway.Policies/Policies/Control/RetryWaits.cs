using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Control;

/// <summary>How <c>retry</c> waits, as it is written.</summary>
/// <param name="Interval">In seconds.</param>
/// <param name="Maximum">In seconds; null without.</param>
/// <param name="Delta">In seconds; null without.</param>
/// <param name="FirstFast">True does not wait before the first further try.</param>
public sealed record RetryWaits(PolicySetting<int> Interval, PolicySetting<int>? Maximum, PolicySetting<int>? Delta, PolicySetting<bool> FirstFast)
{
    /// <summary>The waits of one request.</summary>
    internal Schedule For(PolicyContext context) => new(Interval.For(context), Maximum?.For(context), Delta?.For(context), FirstFast.For(context));

    /// <summary>The waits of one request, in seconds.</summary>
    internal readonly record struct Schedule(int Interval, int? Maximum, int? Delta, bool FirstFast)
    {
        /// <summary>The wait before a further try.</summary>
        /// <param name="n">Which further try, from 1.</param>
        /// <param name="random">From 0 to 1.</param>
        public TimeSpan Before(int n, double random)
        {
            if (FirstFast && n == 1)
            {
                return TimeSpan.Zero;
            }

            var seconds = (Delta, Maximum) switch
            {
                ({ } delta, null) => Interval + ((n - 1.0) * delta),
                ({ } delta, { } maximum) => Math.Min(maximum, Interval + ((Math.Pow(2, n) - 1) * delta * (0.8 + (0.4 * random)))),
                (null, { } maximum) => Math.Min(maximum, Interval),
                _ => Interval,
            };
            return TimeSpan.FromSeconds(seconds);
        }
    }
}
