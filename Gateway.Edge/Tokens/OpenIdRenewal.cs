namespace Gateway.Edge.Tokens;

/// <summary>Keeps the keys of token issuers young behind the requests.</summary>
internal sealed class OpenIdRenewal(OpenIdIssuers issuers, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await issuers.RenewAsync();
        }
    }
}
