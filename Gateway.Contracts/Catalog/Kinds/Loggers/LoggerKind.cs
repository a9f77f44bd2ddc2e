using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Loggers;

/// <summary>Loggers: where the policies that write logs write them.</summary>
public sealed class LoggerKind() : ResourceKind("/loggers/{loggerId}")
{
    /// <inheritdoc />
    public override string Summary => "Where policies that write logs write them.";

    /// <inheritdoc />
    public override IdRule Id => IdRule.Length256;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A logger.",
        ["loggerType"] = new ChoiceSchema("azureEventHub", "applicationInsights", "azureMonitor", "file", "http", "otlp")
        {
            Summary = "What stands at the other end; file, http and otlp are of this product.", IsRequired = true,
        },
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 256 },
        ["credentials"] = new MapSchema(new TextSchema { Summary = "A value.", Minimum = 0, Maximum = 8000 })
        {
            Summary = "What the logger needs to be reached, by name; values may hold {{name}}. Stored encrypted.",
            IsSealed = true,
        },
        ["isBuffered"] = new FlagSchema { Summary = "True: entries are sent together, some at a time.", Default = true },
        ["resourceId"] = new TextSchema { Summary = "The resource it stands for elsewhere.", Minimum = 0, Maximum = 2000 },
    };
}
