using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Counters;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Limits;

/// <summary>Answers <c>GET …/limits</c>.</summary>
internal sealed class LimitsHandler(Catalog catalog)
{
    private const int DefaultTop = 50;

    /// <summary>The most used counters of the site, and who keeps them.</summary>
    public async Task<Answer> TopAsync(ManagementCall call)
    {
        var errors = new ErrorList();
        var top = call.Number("$top", DefaultTop, 1, LimitsReport.Most, errors);
        return errors.IsEmpty ? LimitsJson.Report(await catalog.Limits.Top(top, call.Aborted)) : ErrorEnvelope.From(errors.ToArray());
    }
}
