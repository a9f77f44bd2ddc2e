using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Limits;

/// <summary><c>gateway limits top</c>: what limits do now.</summary>
internal static class LimitsCommand
{
    private const int Most = 1000;

    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The command and its subcommands.</summary>
    public static Command Create(Output output) => new("limits", "Look at rate limits and quotas.") { Top(output) };

    private static Command Top(Output output)
    {
        var count = new Option<int>("-n", "--count") { Description = $"How many counters to show, 1 to {Most}.", DefaultValueFactory = _ => 20 };
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= Most))
            {
                result.AddError($"-n must be a whole number from 1 to {Most}.");
            }
        });
        var watch = new Option<bool>("--watch") { Description = "Show it again every 2 seconds, until stopped." };
        var format = new Option<string>("-o", "--output") { Description = "table, or json as the management API answers.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var options = new ManagementOptions();
        var command = new Command("top", "List the counters of which most is used, with who holds them. Keys may hold what callers sent.") { count, watch, format };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ManagementClient(options.Resolve(parsed, Environment.GetEnvironmentVariable));
            await ShowAsync(parsed, isAgain: false);
            using var timer = new PeriodicTimer(WatchPeriod);
            while (parsed.GetValue(watch) && await TickAsync(timer, cancellationToken))
            {
                await ShowAsync(parsed, isAgain: true);
            }

            return ExitCodes.Done;

            async Task ShowAsync(ParseResult parsed, bool isAgain)
            {
                var top = parsed.GetValue(count).ToString(CultureInfo.InvariantCulture);
                var report = await client.FindAsync(HttpMethod.Get, "/limits", cancellationToken, ("$top", top))
                    ?? throw new ExitException(ExitCodes.Refused, "This management API does not show limits: the silo is of an older version.");
                if (parsed.GetValue(format) == "json")
                {
                    await output.Result.WriteLineAsync(report.ToJsonString(Indented));
                    return;
                }

                if (isAgain)
                {
                    await output.Result.WriteLineAsync();
                }

                await LimitsTable.WriteAsync(output.Result, report);
            }
        });
        return command;
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The user has seen enough.
            return false;
        }
    }
}
