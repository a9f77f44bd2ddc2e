using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Cli.Commands;

namespace Gateway.Cli.Policies;

/// <summary>Writes what a check found.</summary>
internal static class CheckReport
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line for each finding, as compilers write them, and a summary beside the result.</summary>
    public static async Task WriteTextAsync(Output output, int documents, IReadOnlyList<CheckFinding> findings)
    {
        foreach (var finding in findings)
        {
            await output.Result.WriteLineAsync($"{finding.File}:{finding.Line}:{finding.Column}: {finding.Severity} {finding.Code}: {finding.Message}");
        }

        var refused = findings.Where(finding => finding.IsError).Select(finding => finding.File).Distinct(StringComparer.Ordinal).Count();
        var warnings = findings.Count(finding => !finding.IsError);
        await output.Messages.WriteLineAsync($"{Count(documents, "document")} checked, {refused} refused; {Count(warnings, "warning")}.");
    }

    /// <summary>An array of all findings.</summary>
    public static Task WriteJsonAsync(Output output, IReadOnlyList<CheckFinding> findings) => output.Result.WriteLineAsync(JsonSerializer.Serialize(
        findings.Select(finding => new { file = finding.File, line = finding.Line, column = finding.Column, severity = finding.Severity, code = finding.Code, message = finding.Message }),
        _json));

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
