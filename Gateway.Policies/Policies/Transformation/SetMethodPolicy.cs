using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>Changes the method with which the request is forwarded. The client's own stays in the access log.</summary>
public sealed class SetMethodPolicy : IPolicy<SetMethodPolicy>
{
    private const int LongestMethod = 32;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "set-method",
        Sections = PolicySection.Inbound | PolicySection.OnError,
    };

    /// <summary>The text between the tags: the method. A standard one may be written in any case. May be an expression.</summary>
    public required PolicySetting<string> Method { get; init; }

    /// <inheritdoc/>
    public static SetMethodPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var method = read.Content<string>(ReadMethod);
        read.End();
        return method is { } made ? new() { Method = made } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        context.SetMethod(Method.For(context));
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads a method.</summary>
    internal static string? ReadMethod(string text, out string method)
    {
        method = HttpMethods.GetCanonicalizedValue(text.Trim());
        return HeaderText.IsName(method) && method.Length <= LongestMethod ? null
            : $"The text of 'set-method' must be a method such as GET: letters, {LongestMethod} at most.";
    }
}
