namespace Gateway.Benchmarks.Proxying;

/// <summary>Measures two by turns, A,B / B,A. What counts is the ratio inside a round, because neighbours move both.</summary>
internal static class PairedRounds
{
    private const int Rounds = 15;
    private const int MostRounds = 30;
    private const double MostAlien = 0.25;
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(4);

    private sealed record Round(Contender.Window Base, Contender.Window Other)
    {
        public double Ratio => Other.MicrosecondsPerRequest / Base.MicrosecondsPerRequest;
    }

    /// <summary>Measures and prints CPU per request of both, and the second over the first.</summary>
    public static async Task RunAsync(Contender first, Contender second, CancellationToken cancellationToken)
    {
        foreach (var contender in (Contender[])[first, second, first, second])
        {
            await contender.WarmUpAsync(cancellationToken);
        }

        var rounds = new List<Round>();
        for (var i = 0; i < MostRounds && rounds.Count < Rounds; i++)
        {
            var before = await (i % 2 == 0 ? first : second).MeasureAsync(_window, cancellationToken);
            var after = await (i % 2 == 0 ? second : first).MeasureAsync(_window, cancellationToken);
            var round = i % 2 == 0 ? new Round(before, after) : new Round(after, before);
            var quiet = Math.Max(before.Alien, after.Alien) <= MostAlien;
            Console.WriteLine($"round {i + 1}: {first.Name} {Text(round.Base)} | {second.Name} {Text(round.Other)} | ratio {round.Ratio:F2}{(quiet ? string.Empty : " (dropped: noise)")}");
            if (quiet)
            {
                rounds.Add(round);
            }
        }

        Report(first.Name, second.Name, rounds);
    }

    private static void Report(string first, string second, List<Round> rounds)
    {
        if (rounds.Count == 0)
        {
            Console.WriteLine("No quiet round: the machine is too busy to measure.");
            return;
        }

        var ratios = rounds.Select(round => round.Ratio).Order().ToList();
        Console.WriteLine($"rounds {rounds.Count}");
        Console.WriteLine($"{first}: {Median(rounds.Select(round => round.Base.MicrosecondsPerRequest)):F1} us/request");
        Console.WriteLine($"{second}: {Median(rounds.Select(round => round.Other.MicrosecondsPerRequest)):F1} us/request");
        Console.WriteLine($"ratio {Median(ratios):F3} (min {ratios[0]:F3}, max {ratios[^1]:F3})");
    }

    private static string Text(Contender.Window window) =>
        $"{window.MicrosecondsPerRequest:F1} us, {window.Load.PerSecond:F0}/s, p50 {window.Load.P50}, p99 {window.Load.P99}, alien {window.Alien:P0}";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
