using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Observing;

/// <summary>
/// Says something about the request, for operators: in the log of the edge (<c>error</c> as error, <c>information</c> as information, <c>verbose</c> as
/// debug) and as an event of the request's span. Texts are cut at 8 192 characters. What it says may be confidential: it is not masked.
/// </summary>
public sealed class TracePolicy : IPolicy<TracePolicy>
{
    private static readonly (string, TraceSeverity)[] s_severities =
        [("verbose", TraceSeverity.Verbose), ("information", TraceSeverity.Information), ("error", TraceSeverity.Error)];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "trace" };

    /// <summary><c>source</c>: who says so; required. May be an expression.</summary>
    public required PolicySetting<string> Source { get; init; }

    /// <summary><c>severity</c>: <c>verbose</c> (default), <c>information</c> or <c>error</c>. May be an expression.</summary>
    public PolicySetting<TraceSeverity> Severity { get; init; }

    /// <summary><c>message</c>: the text, an element; required, unless the text stands between the tags of <c>trace</c> itself. May be an expression.</summary>
    public required PolicySetting<string> Message { get; init; }

    /// <summary><c>metadata</c> elements: any number, each with <c>name</c> and <c>value</c>, which may be expressions.</summary>
    public IReadOnlyList<(PolicySetting<string> Name, PolicySetting<string> Value)> Metadata { get; init; } = [];

    /// <inheritdoc/>
    public static TracePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var source = read.RequiredSetting("source");
        var severity = read.ChoiceSetting("severity", TraceSeverity.Verbose, s_severities);
        var metadata = new List<(PolicySetting<string>, PolicySetting<string>)>();
        foreach (var child in read.Children("metadata"))
        {
            var pair = parsing.Read(child);
            var (name, value) = (pair.RequiredSetting("name"), pair.TextSetting("value"));
            if (!pair.Has("value"))
            {
                pair.Error("value", "The attribute 'value' is missing.");
            }

            pair.End();
            if (name is { } key && value is { } text)
            {
                metadata.Add((key, text));
            }
        }

        var message = ParseMessage(element, read, parsing);
        read.End();
        return source is { } who && message is { } what
            ? new() { Source = who, Severity = severity, Message = what, Metadata = [.. metadata] }
            : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var metadata = Metadata.Count == 0 ? [] : new KeyValuePair<string, string>[Metadata.Count];
        for (var i = 0; i < metadata.Length; i++)
        {
            metadata[i] = new(Metadata[i].Name.For(context), Metadata[i].Value.For(context));
        }

        context.Trace(new(Severity.For(context), Source.For(context), Message.For(context), metadata));
        return ValueTask.CompletedTask;
    }

    private static PolicySetting<string>? ParseMessage(PolicyElement element, ElementReader read, PolicyParsing parsing)
    {
        if (read.Child("message") is { } child)
        {
            var message = parsing.Read(child);
            var text = message.Content<string>(ReadText);
            message.End();
            return text;
        }

        if (element.Text is null)
        {
            parsing.Diagnostics.Error(element, "The element 'trace' needs a 'message'.");
            return null;
        }

        return read.Content<string>(ReadText);
    }

    private static string? ReadText(string source, out string text)
    {
        text = source.Trim();
        return null;
    }
}
