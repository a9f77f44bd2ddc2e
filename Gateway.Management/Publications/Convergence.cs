using Gateway.Contracts.Catalog;
using Gateway.Contracts.Nodes;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Publications;

/// <summary>
/// <c>Prefer: wait=10</c> on a write (RFC 7240): the answer is held back until every live edge of every gateway runs what was written, for so many seconds
/// at most. <c>Preference-Applied</c> says that they do; without it they did not in time, and follow by themselves.
/// </summary>
internal sealed class Convergence(Catalog catalog, TimeProvider time)
{
    /// <summary>Seconds at most.</summary>
    public const int MaximumWait = 60;

    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The answer, later when the caller prefers that.</summary>
    public async Task<Answer> AwaitAsync(ManagementCall call, Answer answer)
    {
        if (answer.CatalogVersion is not { } version || Preferred(call) is not { } wait)
        {
            return answer;
        }

        var begun = time.GetTimestamp();
        var pause = _firstPause;
        var waiting = await GatewaysAsync(call.Aborted);
        while (true)
        {
            for (var i = waiting.Count - 1; i >= 0; i--)
            {
                if (await HasArrivedAsync(waiting[i], version, call.Aborted))
                {
                    waiting.RemoveAt(i);
                }
            }

            if (waiting.Count == 0)
            {
                return answer.With("Preference-Applied", $"wait={(int)wait.TotalSeconds}");
            }

            if (time.GetElapsedTime(begun) >= wait)
            {
                return answer;
            }

            await Task.Delay(pause, time, call.Aborted);
            pause = pause * 2 < _longestPause ? pause * 2 : _longestPause;
        }
    }

    private async Task<List<string>> GatewaysAsync(CancellationToken cancellationToken)
    {
        var gateways = new List<string> { CatalogKeys.ManagedGateway };
        var page = await catalog.Reader.List(new ResourceQuery { Collection = "/gateways", Top = 1000 }, cancellationToken);
        gateways.AddRange((page.Value?.Resources ?? []).Select(gateway => ResourcePath.Name(gateway.Id)));
        return gateways;
    }

    // Edges that are stale, gone or still starting do not hold up the answer; what they run when they are back is the newest there is.
    private async Task<bool> HasArrivedAsync(string gateway, long version, CancellationToken cancellationToken)
    {
        var standing = await catalog.Publications(gateway).Standing(cancellationToken);
        if (standing.CatalogVersion < version)
        {
            return false;
        }

        var runs = standing.Feeds.ToDictionary(feed => feed.Position.Node, feed => feed.Position.Running, StringComparer.Ordinal);
        var nodes = await catalog.Site.Nodes(gateway, cancellationToken);
        return nodes.All(node => node.Report.Role != NodeRole.Edge || node.Report.State is not (NodeState.Ready or NodeState.Draining)
            || runs.GetValueOrDefault(node.Report.Name) == standing.Current);
    }

    // A preference that is none is to be ignored, says the standard.
    private static TimeSpan? Preferred(ManagementCall call)
    {
        foreach (var preference in call.Http.Request.Headers["Prefer"].ToString().Split(',', ';'))
        {
            if (preference.Trim() is var text && text.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(text.AsSpan("wait=".Length), System.Globalization.NumberStyles.None, null, out var seconds) && seconds > 0)
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, MaximumWait));
            }
        }

        return null;
    }
}
