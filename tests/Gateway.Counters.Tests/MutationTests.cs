using CsCheck;
using Gateway.Counters.Tests.Mutations;
using Gateway.Counters.Tests.Schedules;
using Xunit.Abstractions;

namespace Gateway.Counters.Tests;

/// <summary>
/// The model is worth what it catches: of each mistake some schedule is found that breaks a promise with it and none without. The test says which.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Most = 300;
    private const ulong Seed = 20261130;

    public static TheoryData<string> OfTokens => [.. Mutation.OfTokens.Select(mutation => mutation.Name)];

    public static TheoryData<string> OfPlaces => [.. Mutation.OfPlaces.Select(mutation => mutation.Name)];

    [Theory]
    [MemberData(nameof(OfTokens))]
    public void Mistake_OfTokens_IsCaught(string name) => Caught(Array.Find(Mutation.OfTokens, mutation => mutation.Name == name)!, (schedule, mistake) =>
    {
        var verdict = Simulation.Run(schedule, mistake);
        return verdict.Excess > 0 ? $"{verdict.Excess} too many" : verdict.Failures.FirstOrDefault();
    });

    [Theory]
    [MemberData(nameof(OfPlaces))]
    public void Mistake_OfPlaces_IsCaught(string name) => Caught(
        Array.Find(Mutation.OfPlaces, mutation => mutation.Name == name)!, (schedule, mistake) => PlaceSimulation.Run(schedule, mistake).Failures.FirstOrDefault());

    private void Caught(Mutation mutation, Func<Schedule, Mistake?, string?> judge)
    {
        for (var number = 0U; number < Most; number++)
        {
            var schedule = mutation.Schedules.Generate(new PCG(number, Seed), null, out _);
            if (judge(schedule, mutation.Make()) is { } broken)
            {
                output.WriteLine($"{number + 1} schedules until {broken}: {schedule}");
                Assert.Null(judge(schedule, null));
                return;
            }
        }

        Assert.Fail($"No schedule shows that {mutation.Name}.");
    }
}
