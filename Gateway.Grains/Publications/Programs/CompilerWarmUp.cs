using Gateway.PolicyCompiler;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications.Programs;

/// <summary>
/// Compiles a small document when the silo has been up for a while and has nothing to do, so that nobody who saves a policy waits the second
/// that the first compilation of a process takes.
/// </summary>
/// <param name="settle">How long after the host's start it begins to look.</param>
/// <param name="period">How often it looks.</param>
/// <param name="cpu">The processor time of this process so far.</param>
/// <param name="compile">Compiles once.</param>
/// <param name="host">The host.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told how long it took.</param>
internal sealed partial class CompilerWarmUp(
    TimeSpan settle, TimeSpan period, Func<TimeSpan> cpu, Action<CancellationToken> compile, IHostApplicationLifetime host, TimeProvider time, ILogger<CompilerWarmUp> logger) : BackgroundService
{
    // The part of one core that a process without work to do uses.
    private const double Idle = 0.1;

    private const string Document = """
        <policies>
          <inbound>
            <base />
            <set-variable name="id" value="@(context.Request.Headers.GetValueOrDefault("X-Id", "none").Split(',').FirstOrDefault(part => part.Length > 1))" />
            <choose>
              <when condition="@(context.Request.Method == "POST" && (string)context.Variables["id"] != "none")">
                <set-header name="X-Name" exists-action="override">
                  <value>@{ var body = context.Request.Body.As<JObject>(true); foreach (var part in body.Properties()) { if (part.Name == "name") { return (string)part.Value; } } return $"{context.Api.Id}-{1:D2}"; }</value>
                </set-header>
              </when>
            </choose>
          </inbound>
        </policies>
        """;

    /// <summary>The one of a silo.</summary>
    public static CompilerWarmUp Create(IHostApplicationLifetime host, TimeProvider time, ILogger<CompilerWarmUp> logger) =>
        new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), () => Environment.CpuUsage.TotalTime, cancellation => Compile(cancellation), host, time, logger);

    /// <summary>Compiles what makes the compiler warm.</summary>
    public static PolicyCompilation Compile(CancellationToken cancellation) =>
        PolicyDocumentCompiler.Check([new PolicySource { Text = Document, Scope = Policies.Documents.PolicyScope.Api }], cancellation)[0];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await Task.Delay(settle, time, stoppingToken);
        while (!await IsIdleAsync(stoppingToken))
        {
        }

        var begun = time.GetTimestamp();
        await Task.Factory.StartNew(() => compile(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Log.Warm(logger, time.GetElapsedTime(begun).TotalMilliseconds);
    }

    private async Task<bool> IsIdleAsync(CancellationToken stoppingToken)
    {
        var (before, begun) = (cpu(), time.GetTimestamp());
        await Task.Delay(period, time, stoppingToken);
        return cpu() - before <= Idle * time.GetElapsedTime(begun);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The compiler is warm, after {Milliseconds:F0} ms.")]
        public static partial void Warm(ILogger logger, double milliseconds);
    }
}
