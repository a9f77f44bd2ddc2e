using System.Globalization;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Publications;

/// <summary>Answers for the publications of a gateway: which are kept, what is in one, how two differ, and the way back to one.</summary>
internal sealed class PublicationsHandler(Catalog catalog, GatewayFinder gateways)
{
    /// <summary><c>GET …/gateways/{id}/publications</c>.</summary>
    public async Task<Answer> ListAsync(ManagementCall call, string gateway)
    {
        if (await gateways.RefuseAsync(gateway, call.Aborted) is { } refused)
        {
            return refused;
        }

        var grain = catalog.Publications(gateway);
        var kept = await grain.History(call.Aborted);
        var runs = (await grain.Standing(call.Aborted)).Feeds.ToLookup(feed => feed.Position.Running);
        return Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var publication in kept)
            {
                PublicationJson.Write(writer, publication, [.. runs[publication.Id].Select(feed => feed.Position.Node)]);
            }

            writer.WriteEndArray();
            writer.WriteNumber("count", kept.Length);
            writer.WriteEndObject();
        });
    }

    /// <summary><c>GET …/gateways/{id}/publications/{number}</c>.</summary>
    public async Task<Answer> ShowAsync(ManagementCall call, string gateway, string number)
    {
        var found = await FindAsync(call, gateway, number);
        return !found.IsSuccess ? ErrorEnvelope.From(found.Errors) : Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("number", found.Value.Number);
            writer.WriteStartArray("parts");
            foreach (var part in found.Value.Parts)
            {
                PublicationJson.Write(writer, part);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary><c>GET …/gateways/{id}/publications/{number}/diff?from=…</c>; from the one before when it is not said.</summary>
    public async Task<Answer> DiffAsync(ManagementCall call, string gateway, string number)
    {
        var errors = new ErrorList();
        var after = await FindAsync(call, gateway, number);
        var from = call.Number("from", (int)Math.Min(int.MaxValue, Math.Max(1, (after.Value?.Number ?? 1) - 1)), 1, int.MaxValue, errors);
        if (!errors.IsEmpty || !after.IsSuccess)
        {
            return ErrorEnvelope.From([.. errors.ToArray(), .. after.Errors]);
        }

        var before = await FindAsync(call, gateway, from.ToString(CultureInfo.InvariantCulture));
        return !before.IsSuccess ? ErrorEnvelope.From(before.Errors) : Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("from", before.Value.Number);
            writer.WriteNumber("to", after.Value!.Number);
            writer.WriteStartArray("changes");
            foreach (var (part, change) in Differences(before.Value.Parts, after.Value.Parts))
            {
                PublicationJson.Write(writer, part, change);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary><c>POST …/gateways/{id}/publications/{number}/rollback</c>.</summary>
    public async Task<Answer> RollbackAsync(ManagementCall call, string gateway, string number)
    {
        if (await gateways.RefuseAsync(gateway, call.Aborted) is { } refused)
        {
            return refused;
        }

        if (Parse(number) is not { } wanted)
        {
            return ErrorEnvelope.From(NotANumber(number));
        }

        var made = await catalog.Publications(gateway).Rollback(wanted, call.Aborted);
        return !made.IsSuccess ? ErrorEnvelope.From(made.Errors) : Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("lineage", made.Value.Lineage);
            writer.WriteNumber("number", made.Value.Number);
            writer.WriteNumber("rollbackOf", wanted);
            writer.WriteEndObject();
        });
    }

    private static IEnumerable<(PublicationPart Part, string Change)> Differences(PublicationPart[] before, PublicationPart[] after)
    {
        var old = before.ToDictionary(part => (part.Kind, part.Id));
        foreach (var part in after)
        {
            if (!old.Remove((part.Kind, part.Id), out var was))
            {
                yield return (part, "added");
            }
            else if (was.Name != part.Name)
            {
                yield return (part, "changed");
            }
        }

        foreach (var gone in old.Values)
        {
            yield return (gone, "removed");
        }
    }

    private async Task<Result<Found>> FindAsync(ManagementCall call, string gateway, string number)
    {
        if (await gateways.FindAsync(gateway, call.Aborted) is { Length: > 0 } unknown)
        {
            return unknown;
        }

        return Parse(number) is not { } wanted ? NotANumber(number)
            : await catalog.Publications(gateway).Parts(wanted, call.Aborted) is { } parts ? new Found(wanted, parts)
            : new GatewayError(ErrorKind.ResourceNotFound, $"Publication {wanted} of gateway '{gateway}' is not kept.");
    }

    private static long? Parse(string number) => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static GatewayError NotANumber(string number) =>
        new(ErrorKind.ValidationError, $"A publication is named by its number, '{PathRules.Shorten(number)}' is none.") { Target = "path" };

    private sealed record Found(long Number, PublicationPart[] Parts);
}
