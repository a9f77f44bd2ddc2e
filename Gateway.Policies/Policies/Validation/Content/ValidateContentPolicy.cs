using System.Globalization;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>
/// Looks whether the body has a content type that this policy or the operation's definition has, is not too long, and keeps to its schema: that of the
/// request in inbound, of the response in outbound and on-error. A message without a body passes.
/// </summary>
public sealed class ValidateContentPolicy : IPolicy<ValidateContentPolicy>
{
    private const int LongestBody = 4 * 1024 * 1024;
    private const string Name = "Body";

    private readonly ContentTypeMap _types;
    private readonly ContentRule[] _rules;
    private readonly string? _variable;

    private ValidateContentPolicy(ContentTypeMap types, ContentRule[] rules, string? variable) => (_types, _rules, _variable) = (types, rules, variable);

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "validate-content",
        Sections = PolicySection.Inbound | PolicySection.Outbound | PolicySection.OnError,
    };

    /// <summary><c>unspecified-content-type-action</c>: for bodies of other types; required. May be an expression.</summary>
    public required PolicySetting<ValidationAction> Unspecified { get; init; }

    /// <summary><c>max-size</c>: the longest body in bytes, without its content encoding, 1 to 4,194,304; required. May be an expression.</summary>
    public required PolicySetting<int> MaximumSize { get; init; }

    /// <summary><c>size-exceeded-action</c>: for longer bodies, which are not looked at any further; required. May be an expression.</summary>
    public required PolicySetting<ValidationAction> SizeExceeded { get; init; }

    /// <summary>True for the response's body.</summary>
    public bool OfResponse { get; init; }

    private string Kind => OfResponse ? "ResponseBody" : "RequestBody";

    /// <inheritdoc/>
    public static ValidateContentPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var unspecified = read.RequiredChoiceSetting("unspecified-content-type-action", ValidationReport.Actions);
        var size = read.RequiredIntegerSetting("max-size", 1, LongestBody);
        var exceeded = read.RequiredChoiceSetting("size-exceeded-action", ValidationReport.Actions);
        var variable = read.Optional("errors-variable-name");
        var types = ContentTypeMap.Read(read, parsing);
        ContentRule[] rules = [.. read.Children("content").Select(child => ContentRule.Read(child, parsing))];
        read.End();
        return size is not { } most ? null : new(types, rules, variable)
        {
            Unspecified = unspecified,
            MaximumSize = most,
            SizeExceeded = exceeded,
            OfResponse = parsing.ActsOnResponse,
        };
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var report = new ValidationReport(Descriptor.Name, _variable, OfResponse);
        var most = MaximumSize.For(context);
        // A body that says that it is too long is not even read.
        if (BodyLoader.AnnouncedLength(context, OfResponse) is { } announced && announced > most)
        {
            TooLong(context, report, $"{announced}", most);
        }
        else if (await LoadAsync(context, report, most))
        {
            await JudgeAsync(context, report, most);
        }

        report.End(context);
    }

    /// <summary>Loads the body; false when there is none, or it is too long.</summary>
    private async ValueTask<bool> LoadAsync(PolicyContext context, ValidationReport report, int most)
    {
        try
        {
            await BodyLoader.LoadAsync(context, OfResponse ? BodyUse.Response : BodyUse.Request, Descriptor.Name);
            return (OfResponse ? context.Expressions.ResponseBody : context.RequestBody) is { IsEmpty: false };
        }
        catch (BodyTooLongException e) when (SizeExceeded.For(context) == ValidationAction.Prevent)
        {
            // Otherwise it cannot pass either: a part of it is gone.
            TooLong(context, report, $"more than {e.Limit}", most);
            return false;
        }
    }

    private async ValueTask JudgeAsync(PolicyContext context, ValidationReport report, int most)
    {
        var type = _types.For(context, MediaTypeOf(OfResponse ? context.Http.Response.Headers.ContentType : context.Http.Request.Headers.ContentType));
        var isDefined = Defined(context).Contains(type, StringComparer.OrdinalIgnoreCase);
        var rule = Array.Find(_rules, rule => rule.IsFor(type, isDefined));
        PlainBody body;
        try
        {
            body = (await PlainBody.ReadAsync(context, OfResponse, Descriptor.Name))!;
        }
        catch (BodyTooLongException e)
        {
            TooLong(context, report, $"more than {e.Limit}", most);
            return;
        }
        catch (PolicyException) when (rule is not null)
        {
            report.Add(Name, Kind, "ValidationException", "Body of the message does not keep to its content encoding, or has one that is not known.", rule.Action.For(context));
            return;
        }

        if (body.Bytes.Length > most)
        {
            TooLong(context, report, $"{body.Bytes.Length}", most);
        }
        else if (rule is null)
        {
            if (!isDefined)
            {
                report.Add(Name, Kind, "Unspecified", $"Unspecified content type {type} is not allowed.", Unspecified.For(context));
            }
        }
        else if (rule.Action.For(context) is var action and not ValidationAction.Ignore)
        {
            foreach (var wrong in rule.Judge(context, body.Text, TypeOf(context, type), Descriptor.Name))
            {
                report.Add(Name, Kind, "IncorrectMessage", wrong, action);
            }
        }
    }

    private void TooLong(PolicyContext context, ValidationReport report, string length, int most) => report.Add(
        Name, Kind, "SizeLimit",
        string.Create(CultureInfo.InvariantCulture, $"{(OfResponse ? "Response" : "Request")}'s body is {length} bytes long and it exceeds the limit of {most} bytes."),
        SizeExceeded.For(context));

    /// <summary>The media type of a header; as it stands when it is none, so that it is not taken for one that is missing.</summary>
    private static string MediaTypeOf(string? header) => MediaTypeHeaderValue.TryParse(header, out var parsed) ? parsed.MediaType.ToString() : header ?? "";

    /// <summary>The type that the operation's definition gives a body of a content type.</summary>
    private BodyShape? TypeOf(PolicyContext context, string contentType)
    {
        var shape = context.Operation?.Shape ?? OperationShape.Empty;
        var bodies = !OfResponse ? shape.Bodies : shape.Responses.GetValueOrDefault(context.Http.Response.StatusCode)?.Bodies ?? [];
        return bodies.FirstOrDefault(body => MediaTypeOf(body.ContentType).Equals(contentType, StringComparison.OrdinalIgnoreCase));
    }

    private IReadOnlyList<string> Defined(PolicyContext context)
    {
        var shape = context.Operation?.Shape ?? OperationShape.Empty;
        return !OfResponse ? shape.ContentTypes : shape.Responses.GetValueOrDefault(context.Http.Response.StatusCode)?.ContentTypes ?? [];
    }
}
