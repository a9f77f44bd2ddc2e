using System.Text;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Grains.Catalog.Records;

/// <summary>Between the content of a resource and its record: what is secret or sealed goes into one sealed record.</summary>
internal sealed class RecordContent(CatalogOptions options)
{
    private static readonly byte[] _nothing = "{}"u8.ToArray();

    /// <summary>The record of new content.</summary>
    public CatalogRecord Close(ResourceKind kind, string id, JsonObject content, long version, string[] references)
    {
        var open = new JsonObject();
        var closed = new JsonObject();
        foreach (var (name, value) in content)
        {
            (kind.IsSecret(name, content) || kind.Properties[name] is { IsSealed: true } ? closed : open)[name] = value?.DeepClone();
        }

        return new CatalogRecord
        {
            Id = id,
            Version = version,
            Properties = JsonText.Write(open),
            Sealed = closed.Count == 0 ? null : options.SiteKey.Catalog.Seal(JsonText.Write(closed), Associated(id)),
            References = references,
        };
    }

    /// <summary>All properties, secret ones too.</summary>
    public JsonObject Open(CatalogRecord record)
    {
        var content = Parse(record.Properties);
        foreach (var (name, value) in OpenSealed(record))
        {
            content[name] = value?.DeepClone();
        }

        return content;
    }

    /// <summary>What readers see: everything but the secret properties.</summary>
    public Resource ToResource(CatalogRecord record) => new()
    {
        Id = record.Id,
        ETag = record.ETag,
        Version = record.Version,
        Properties = record.Sealed is null ? record.Properties : Write(record, secret: false),
    };

    /// <summary>The secret properties as a UTF-8 JSON object.</summary>
    public byte[] Secrets(CatalogRecord record) => record.Sealed is null ? _nothing : Write(record, secret: true);

    private byte[] Write(CatalogRecord record, bool secret)
    {
        var content = Open(record);
        var kind = ResourceKinds.Match(record.Id)?.Kind;
        var result = new JsonObject();
        foreach (var (name, value) in content)
        {
            if ((kind?.IsSecret(name, content) ?? true) == secret)
            {
                result[name] = value?.DeepClone();
            }
        }

        return JsonText.Write(result);
    }

    private JsonObject OpenSealed(CatalogRecord record)
    {
        if (record.Sealed is null)
        {
            return [];
        }

        var plain = options.SiteKey.Catalog.Open(record.Sealed, Associated(record.Id));
        return plain.IsSuccess
            ? Parse(plain.Value)
            : throw new InvalidDataException($"The secrets of '{record.Id}' cannot be opened: {plain.Errors[0].Message}");
    }

    private static JsonObject Parse(byte[] json) => JsonNode.Parse(json)!.AsObject();

    private byte[] Associated(string id) => Encoding.UTF8.GetBytes(options.ServiceId + id);
}
