using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications.Projection;

/// <summary>What is known of one API. Children may come before their parent.</summary>
internal sealed class ApiImage
{
    /// <summary>The API without its policy and operations; null until it comes.</summary>
    public ApiChunk? Header { get; set; }

    /// <summary>Its policy document.</summary>
    public DocumentText? Policy { get; set; }

    /// <summary>Its operations by id.</summary>
    public SortedDictionary<string, OperationImage> Operations { get; } = new(StringComparer.Ordinal);

    /// <summary>The types that its operations name, by id.</summary>
    public SortedDictionary<string, SchemaEntry> Schemas { get; } = new(StringComparer.Ordinal);

    /// <summary>True when nothing is left of it.</summary>
    public bool IsEmpty => Header is null && Policy is null && Operations.Count == 0 && Schemas.Count == 0;

    /// <summary>Sets types, or takes them away.</summary>
    public void ChangeSchema(string id, SchemaEntry? schema)
    {
        if (schema is null)
        {
            Schemas.Remove(id);
        }
        else
        {
            Schemas[id] = schema;
        }
    }

    /// <summary>Changes an operation, makes it when it is new and drops it when nothing is left of it.</summary>
    public void ChangeOperation(string id, Action<OperationImage> change)
    {
        if (!Operations.TryGetValue(id, out var operation))
        {
            Operations[id] = operation = new OperationImage();
        }

        change(operation);
        if (operation is { Entry: null, Policy: null })
        {
            Operations.Remove(id);
        }
    }
}

/// <summary>What is known of one operation.</summary>
internal sealed class OperationImage
{
    /// <summary>The operation without its policy; null until it comes.</summary>
    public OperationEntry? Entry { get; set; }

    /// <summary>Its policy document.</summary>
    public DocumentText? Policy { get; set; }
}

/// <summary>What is known of one product.</summary>
internal sealed class ProductImage
{
    /// <summary>The product without its policy and APIs; null until it comes.</summary>
    public ProductEntry? Entry { get; set; }

    /// <summary>Its policy document.</summary>
    public DocumentText? Policy { get; set; }

    /// <summary>The APIs in it.</summary>
    public SortedSet<string> Apis { get; } = new(StringComparer.Ordinal);

    /// <summary>True when nothing is left of it.</summary>
    public bool IsEmpty => Entry is null && Policy is null && Apis.Count == 0;

    /// <summary>Puts an API in or takes it out.</summary>
    public void Link(string api, bool isIn)
    {
        if (isIn)
        {
            Apis.Add(api);
        }
        else
        {
            Apis.Remove(api);
        }
    }
}
