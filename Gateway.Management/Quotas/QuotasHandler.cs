using Gateway.Contracts.Catalog;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Microsoft.AspNetCore.Http;

namespace Gateway.Management.Quotas;

/// <summary>Answers <c>…/quotas/{key}</c> and <c>…/quotas/{key}/periods/{period}</c>: shows and sets counts of quotas.</summary>
internal sealed class QuotasHandler(IGrainFactory grains)
{
    // Stands in the path for a key that a path cannot hold.
    private const string KeyInQuery = "-";

    /// <summary>All counters of the key.</summary>
    public async Task<Answer> KeyAsync(ManagementCall call)
    {
        var counts = await CountsAsync(call, null);
        return counts.IsSuccess ? QuotaJson.Collection(KeyOf(call), counts.Value) : ErrorEnvelope.From(counts.Errors);
    }

    /// <summary>The counters of the key in one of their current periods.</summary>
    public async Task<Answer> PeriodAsync(ManagementCall call, string period)
    {
        var counts = await CountsAsync(call, period);
        if (!counts.IsSuccess)
        {
            return ErrorEnvelope.From(counts.Errors);
        }

        var current = counts.Value.Where(count => count.PeriodKey == period).ToArray();
        return current.Length > 0
            ? QuotaJson.One(KeyOf(call), current)
            : ErrorEnvelope.From(new GatewayError(ErrorKind.ResourceNotFound, "The quota has no such current period."));
    }

    private async Task<Result<QuotaCount[]>> CountsAsync(ManagementCall call, string? period)
    {
        var gateway = call.Query["gatewayId"].ToString() is { Length: > 0 } named ? named : CatalogKeys.ManagedGateway;
        var grain = grains.GetGrain<IQuotaGrain>(gateway);
        if (call.Method != HttpMethods.Patch)
        {
            return await grain.Read(KeyOf(call), call.Aborted);
        }

        var body = await BodyReader.ReadAsync(call.Http, BodyReader.ResourceBytes);
        if (!body.IsSuccess)
        {
            return body.Errors;
        }

        var change = QuotaJson.ReadChange(body.Value.Json);
        return change.IsSuccess ? await grain.Set(change.Value with { Key = KeyOf(call), PeriodKey = period }, call.Aborted) : change.Errors;
    }

    private static string KeyOf(ManagementCall call) =>
        call.Address.Path[1] == KeyInQuery && call.Query["counterKey"].ToString() is { Length: > 0 } key ? key : call.Address.Path[1];
}
