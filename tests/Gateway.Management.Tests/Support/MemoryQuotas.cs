using Gateway.Contracts.Counters;
using Gateway.Contracts.Results;

namespace Gateway.Management.Tests.Support;

/// <summary>Counts of quotas in memory, by gateway and key.</summary>
public sealed class MemoryQuotas
{
    private readonly Dictionary<(string Gateway, string Key), QuotaCount[]> _counts = [];

    public List<QuotaChange> Changes { get; } = [];

    public GatewayError? Refusal { get; set; }

    public void Add(string gateway, string key, params QuotaCount[] counts) => _counts[(gateway, key)] = counts;

    public Gateway Of(string gateway) => new(this, gateway);

    public sealed class Gateway(MemoryQuotas quotas, string id)
    {
        public Task<Result<QuotaCount[]>> Read(string key, CancellationToken cancellationToken)
        {
            _ = cancellationToken;
            return Task.FromResult<Result<QuotaCount[]>>(
                quotas.Refusal is { } refusal ? refusal
                : quotas._counts.TryGetValue((id, key), out var counts) ? counts
                : new GatewayError(ErrorKind.ResourceNotFound, "No quota has counted anything under this key."));
        }

        public Task<Result<QuotaCount[]>> Set(QuotaChange change, CancellationToken cancellationToken)
        {
            quotas.Changes.Add(change);
            if (quotas._counts.TryGetValue((id, change.Key), out var counts))
            {
                quotas._counts[(id, change.Key)] = [.. counts.Select(count =>
                    change.PeriodKey is not null && change.PeriodKey != count.PeriodKey ? count
                    : count with { Used = (count.Measure == QuotaMeasure.Calls ? change.Calls : change.Kilobytes) ?? count.Used })];
            }

            return Read(change.Key, cancellationToken);
        }
    }
}
