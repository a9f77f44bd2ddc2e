using Gateway.Contracts.Caching;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;
using Gateway.Management.Backups;
using Gateway.Management.Caching;
using Gateway.Management.Changes;
using Gateway.Management.Errors;
using Gateway.Management.Federation;
using Gateway.Management.Limits;
using Gateway.Management.Nodes;
using Gateway.Management.Publications;
using Gateway.Management.Quotas;
using Gateway.Management.Resources;
using Gateway.Management.Rollouts;
using Gateway.Management.Service;
using Microsoft.AspNetCore.Http;

namespace Gateway.Management.Requests;

/// <summary>Finds who answers a call: the few paths with a handler of their own, then whatever the resource kinds describe.</summary>
internal sealed class ManagementDispatcher(
    ManagementOptions options,
    ServiceHandler service,
    BackupHandler backups,
    NodesHandler nodes,
    PublicationsHandler publications,
    RolloutHandler rollouts,
    QuotasHandler quotas,
    LimitsHandler limits,
    PurgeHandler purges,
    HotKeysHandler hotKeys,
    UpstreamHandler upstream,
    SiteEventsHandler events,
    ChangeSetHandler changes,
    ResourceReadHandler reads,
    ResourceWriteHandler writes,
    CollectionHandler collections,
    ActionHandler actions)
{
    private static readonly (ResourceVerbs Verb, string Method)[] _verbs =
    [
        (ResourceVerbs.Get, HttpMethods.Get), (ResourceVerbs.Head, HttpMethods.Head), (ResourceVerbs.Put, HttpMethods.Put),
        (ResourceVerbs.Patch, HttpMethods.Patch), (ResourceVerbs.Delete, HttpMethods.Delete),
    ];

    private const string Purge = "purge";
    private const string HotKeys = "hotKeys";

    private static readonly string[] _local = ["quotas", "upstream"];

    /// <summary>Answers a call.</summary>
    public Task<Answer> DispatchAsync(ManagementCall call)
    {
        var path = call.Address.Path;
        if (options.Hub is { } hub && !IsRead(call) && !IsLocal(path))
        {
            return Task.FromResult(ManagedByHub(call, hub));
        }

        if (path.Length == 0)
        {
            return Only(call, () => Task.FromResult(service.Describe(call)), HttpMethods.Get, HttpMethods.Head);
        }

        if (path.Length == 1 && Same(path[0], "backup"))
        {
            return Only(call, () => backups.BackupAsync(call), HttpMethods.Post);
        }

        if (path.Length == 1 && Same(path[0], "restore"))
        {
            return Only(call, () => backups.RestoreAsync(call), HttpMethods.Post);
        }

        if (path.Length == 1 && Same(path[0], "changes"))
        {
            return Only(call, () => changes.SubmitAsync(call, isTrial: false), HttpMethods.Post);
        }

        if (path.Length == 1 && Same(path[0], "validatePolicies"))
        {
            return Only(call, () => changes.SubmitAsync(call, isTrial: true), HttpMethods.Post);
        }

        if (path.Length == 3 && Same(path[0], "gateways") && Same(path[2], "nodes"))
        {
            return Only(call, () => nodes.ListAsync(call, path[1]), HttpMethods.Get);
        }

        if (path.Length is >= 3 and <= 5 && Same(path[0], "gateways") && Same(path[2], "publications"))
        {
            return Publications(call, path[1], path[3..]);
        }

        if (path.Length is 3 or 4 && Same(path[0], "gateways") && Same(path[2], "rollout"))
        {
            return path.Length == 3 ? Only(call, () => rollouts.AnswerAsync(call, path[1]), HttpMethods.Get, HttpMethods.Put, HttpMethods.Delete)
                : Same(path[3], "promote") ? Only(call, () => rollouts.PromoteAsync(call, path[1]), HttpMethods.Post)
                : Unknown(call);
        }

        if (path.Length == 3 && Same(path[0], "gateways") && Same(path[2], "events"))
        {
            return Only(call, () => events.ListAsync(call, path[1]), HttpMethods.Get);
        }

        if (path.Length == 1 && Same(path[0], "limits"))
        {
            return Only(call, () => limits.TopAsync(call), HttpMethods.Get);
        }

        if (IsOfCache(path))
        {
            var cache = Same(path[1], ICacheRegionGrain.Internal) ? ICacheRegionGrain.Internal : path[1];
            return Same(path[2], Purge) ? Only(call, () => purges.PurgeAsync(call, cache), HttpMethods.Post) : Only(call, () => hotKeys.ListAsync(call, cache), HttpMethods.Get);
        }

        if (path.Length == 1 && Same(path[0], "upstream"))
        {
            return Only(call, () => upstream.AnswerAsync(call), HttpMethods.Get, HttpMethods.Delete);
        }

        if (path.Length == 2 && Same(path[0], "quotas"))
        {
            return Only(call, () => quotas.KeyAsync(call), HttpMethods.Get, HttpMethods.Patch);
        }

        if (path.Length == 4 && Same(path[0], "quotas") && Same(path[2], "periods"))
        {
            return Only(call, () => quotas.PeriodAsync(call, path[3]), HttpMethods.Get, HttpMethods.Patch);
        }

        return path.Length % 2 == 0 ? Resource(call) : CollectionOrAction(call);
    }

    private Task<Answer> Publications(ManagementCall call, string gateway, string[] rest) => rest switch
    {
        [] => Only(call, () => publications.ListAsync(call, gateway), HttpMethods.Get),
        [var number] => Only(call, () => publications.ShowAsync(call, gateway, number), HttpMethods.Get),
        [var number, var action] when Same(action, "diff") => Only(call, () => publications.DiffAsync(call, gateway, number), HttpMethods.Get),
        [var number, var action] when Same(action, "rollback") => Only(call, () => publications.RollbackAsync(call, gateway, number), HttpMethods.Post),
        _ => Unknown(call),
    };

    private Task<Answer> Resource(ManagementCall call)
    {
        if (ResourceKinds.Match(call.Path) is not { } match)
        {
            return Unknown(call);
        }

        if (PathRules.Refuse(match.Id) is { } error)
        {
            return Task.FromResult(ErrorEnvelope.From(error));
        }

        var verb = _verbs.FirstOrDefault(verb => Same(verb.Method, call.Method)).Verb;
        if (verb == ResourceVerbs.None || !match.Kind.Verbs.HasFlag(verb))
        {
            return NotAllowed(call, [.. _verbs.Where(verb => match.Kind.Verbs.HasFlag(verb.Verb)).Select(verb => verb.Method)]);
        }

        return verb is ResourceVerbs.Get or ResourceVerbs.Head ? reads.ReadAsync(call, match) : writes.WriteAsync(call, match, verb);
    }

    private Task<Answer> CollectionOrAction(ManagementCall call)
    {
        var parent = ResourceKinds.Match("/" + string.Join('/', call.Address.Path[..^1]));
        var action = parent?.Kind.Actions.FirstOrDefault(action => Same(action.Name, call.Address.Path[^1]));
        var collection = ResourceCollections.Match(call.Path);
        if (action is null && collection is null)
        {
            return Unknown(call);
        }

        if (PathRules.Refuse(action is null ? collection!.Id : parent!.Id) is { } error)
        {
            return Task.FromResult(ErrorEnvelope.From(error));
        }

        if (action is not null)
        {
            return Only(call, () => actions.RunAsync(call, parent!, action), HttpMethods.Post);
        }

        return collection!.Kind.Verbs.HasFlag(ResourceVerbs.List)
            ? Only(call, () => collections.ListAsync(call, collection), HttpMethods.Get)
            : NotAllowed(call, []);
    }

    private static bool IsRead(ManagementCall call) => Same(call.Method, HttpMethods.Get) || Same(call.Method, HttpMethods.Head);

    // What is the site's own: its counts, what its edges have cached, and how it stands to its hub.
    private static bool IsLocal(string[] path) => IsOfCache(path) || (path.Length > 0 && _local.Any(noun => Same(noun, path[0])));

    private static bool IsOfCache(string[] path) => path.Length == 3 && Same(path[0], "caches") && (Same(path[2], Purge) || Same(path[2], HotKeys));

    private static Answer ManagedByHub(ManagementCall call, string hub) => Answer.Error(
        409, "ManagedByHub", $"{PathRules.Shorten(call.Method)} is not possible here: the configuration of this site is managed by its hub, {hub}. Change it there; the site has it within seconds.");

    private static Task<Answer> Only(ManagementCall call, Func<Task<Answer>> handle, params string[] methods) =>
        methods.Any(method => Same(method, call.Method)) ? handle() : NotAllowed(call, methods);

    private static Task<Answer> NotAllowed(ManagementCall call, string[] methods)
    {
        var allow = string.Join(", ", methods);
        var sentence = methods.Length == 0 ? "There is no verb for this path." : $"This path answers {allow}.";
        var error = new GatewayError(ErrorKind.MethodNotAllowed, $"{PathRules.Shorten(call.Method)} is not possible here. {sentence}");
        return Task.FromResult(ErrorEnvelope.From(error).With("Allow", allow));
    }

    private static Task<Answer> Unknown(ManagementCall call) => Task.FromResult(ErrorEnvelope.From(
        new GatewayError(ErrorKind.ResourceNotFound, $"There is no kind of resource at '{PathRules.Shorten(call.Path)}'.")));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
