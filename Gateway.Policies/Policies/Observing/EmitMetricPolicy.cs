using System.Globalization;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Observing;

/// <summary>
/// Adds a value to a metric of the edge, which has its count, sum, least and greatest value for each set of dimensions, with the edge's other metrics: on
/// <c>/metrics</c> and at the collector. What of the name is no letter, digit, dot, hyphen, slash or underscore becomes an underscore.
/// </summary>
public sealed class EmitMetricPolicy : IPolicy<EmitMetricPolicy>
{
    private const int MostDimensions = 10;

    private (string Name, PolicySetting<string>? Value)[] _dimensions = [];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "emit-metric" };

    /// <summary><c>name</c>: 1 to 200 characters; required.</summary>
    public required string Name { get; init; }

    /// <summary><c>namespace</c>: a dimension of that name with this value; <c>API Management</c> by default.</summary>
    public required string Namespace { get; init; }

    /// <summary><c>value</c>: a number; 1 by default. May be an expression.</summary>
    /// <remarks>
    /// <c>dimension</c> elements: 1 to 10, each with <c>name</c> and <c>value</c>, which may be an expression. Without a value a dimension is what it is called:
    /// <c>API ID</c>, <c>Operation ID</c>, <c>Product ID</c>, <c>Subscription ID</c>, <c>User ID</c>, <c>Gateway ID</c>, <c>Location</c> or <c>Backend ID</c>; any other is left out.
    /// </remarks>
    public PolicySetting<double> Value { get; init; }

    /// <inheritdoc/>
    public static EmitMetricPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var name = read.Required("name");
        if (name?.Length > 200)
        {
            read.Error("name", "The attribute 'name' must have at most 200 characters.");
        }

        var (value, space) = (read.Setting<double>("value", ReadNumber), read.Optional("namespace"));
        var dimensions = new List<(string, PolicySetting<string>?)>();
        var written = 0;
        foreach (var child in read.Children("dimension"))
        {
            written++;
            var dimension = parsing.Read(child);
            var (called, text) = (dimension.Required("name"), dimension.TextSetting("value"));
            dimension.End();
            if (called is not null)
            {
                dimensions.Add((called, text));
            }
        }

        if (written is 0 or > MostDimensions)
        {
            parsing.Diagnostics.Error(element, $"The element 'emit-metric' needs 1 to {MostDimensions} elements 'dimension'.");
        }

        read.End();
        return name is null ? null : new()
        {
            Name = name,
            Namespace = string.IsNullOrEmpty(space) ? "API Management" : space,
            Value = value ?? new(1),
            _dimensions = [.. dimensions],
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var tags = new KeyValuePair<string, object?>[_dimensions.Length + 1];
        tags[0] = new("namespace", Namespace);
        var count = 1;
        foreach (var (name, value) in _dimensions)
        {
            if ((value is { } setting ? setting.For(context) : Known(context, name)) is { } text)
            {
                tags[count++] = new(name, text);
            }
        }

        context.Measure(Name, Value.For(context), tags.AsSpan(0, count));
        return ValueTask.CompletedTask;
    }

    private static string? Known(PolicyContext context, string name) => name switch
    {
        "API ID" => context.Api?.Id ?? "",
        "Operation ID" => context.Operation?.Id ?? "",
        "Product ID" => context.Product?.Id ?? "",
        "Subscription ID" => context.Subscription?.Id ?? "",
        "User ID" => context.Subscription?.OwnerId ?? "",
        "Gateway ID" or "Location" => context.Deployment.GatewayId,
        "Backend ID" => (context.Backend.Member ?? context.Backend.Backend)?.Id ?? "",
        _ => null,
    };

    private static string? ReadNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number)
            ? null
            : "The attribute 'value' must be a number.";
}
