using System.Text.Json;
using Gateway.Contracts.Results;

namespace Gateway.Management.Errors;

/// <summary>The one place that turns errors into HTTP: status, and the envelope that ARM clients read.</summary>
internal static class ErrorEnvelope
{
    private const string ValidationMessage = "One or more fields contain incorrect values:";
    private const int RetryAfterSeconds = 2;

    /// <summary>The answer to one error.</summary>
    public static Answer From(GatewayError error) => From([error]);

    /// <summary>The answer to all errors of a call. Errors of several kinds are together a validation error.</summary>
    /// <param name="errors">At least one.</param>
    /// <param name="isChangeSet">True: a target names its change, <c>changes[3].properties.path</c>.</param>
    public static Answer From(IReadOnlyList<GatewayError> errors, bool isChangeSet = false)
    {
        var all = errors.SelectMany(Flatten).ToArray();
        var kind = all.Any(error => error.Code == ErrorKind.ServiceUnavailable) ? ErrorKind.ServiceUnavailable
            : all.All(error => error.Code == all[0].Code) ? all[0].Code
            : ErrorKind.ValidationError;
        var message = kind == ErrorKind.ValidationError ? ValidationMessage : all.First(error => error.Code == kind).Message;
        var answer = Answer.Json(StatusOf(kind), writer => Write(writer, kind.ToString(), message,
            all.Select(error => (error.Code.ToString(), TargetOf(error, isChangeSet), error.Message))));
        return kind == ErrorKind.ServiceUnavailable ? answer.With("Retry-After", $"{RetryAfterSeconds}") : answer;
    }

    /// <summary>Writes the envelope.</summary>
    public static void Write(Utf8JsonWriter writer, string code, string message, IEnumerable<(string Code, string? Target, string Message)> details)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("code", code);
        writer.WriteString("message", message);
        writer.WriteStartArray("details");
        foreach (var detail in details)
        {
            writer.WriteStartObject();
            writer.WriteString("code", detail.Code);
            if (detail.Target is not null)
            {
                writer.WriteString("target", detail.Target);
            }

            writer.WriteString("message", detail.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.ValidationError => 400,
        ErrorKind.ResourceNotFound => 404,
        ErrorKind.PreconditionFailed => 412,
        ErrorKind.Conflict => 409,
        ErrorKind.ServiceUnavailable => 503,
        ErrorKind.MethodNotAllowed => 405,
        ErrorKind.RequestTooLarge => 413,
        _ => throw new InvalidOperationException($"No status is set for {kind}."),
    };

    private static IEnumerable<GatewayError> Flatten(GatewayError error) => error.Details.Length == 0
        ? [error]
        : error.Details.Select(detail => detail with { Index = detail.Index ?? error.Index, Details = [] });

    private static string? TargetOf(GatewayError error, bool isChangeSet) => (isChangeSet, error.Index, error.Target) switch
    {
        (true, { } index, null) => $"changes[{index}]",
        (true, { } index, { } target) => $"changes[{index}].{target}",
        _ => error.Target,
    };
}
