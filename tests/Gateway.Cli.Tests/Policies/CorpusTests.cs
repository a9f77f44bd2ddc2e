using System.Text.Json.Nodes;
using Gateway.Policies.Documents;

namespace Gateway.Cli.Tests.Policies;

/// <summary>Real documents: those that are not broken are accepted, the broken ones are refused at a place.</summary>
public sealed class CorpusTests
{
    [CorpusFact]
    public async Task Check_RealDocuments_AreAcceptedUnlessBroken()
    {
        var corpus = CorpusFactAttribute.Folder!;

        var run = await CommandRun.OfAsync("policy", "check", Path.Combine(corpus, "documents"), "--needs", Path.Combine(corpus, "needs.tsv"), "-o", "json");

        var errors = JsonNode.Parse(run.Result)!.AsArray().Where(finding => (string)finding!["severity"]! == "error").ToLookup(finding => Path.GetFileName((string)finding!["file"]!));
        var wrong = File.ReadLines(Path.Combine(corpus, "index.tsv")).Skip(1).Select(line => line.Split('\t')).Select(row => Judge(row[0], row[1], [.. errors[row[0]]])).OfType<string>().ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.Equal(1, run.Code);
    }

    private static string? Judge(string document, string tier, JsonNode?[] errors)
    {
        if (tier.StartsWith("X-", StringComparison.Ordinal))
        {
            return errors.Length > 0 && errors.All(error => (int)error!["line"]! > 0 && (int)error["column"]! > 0) ? null : $"{document} is broken and was accepted.";
        }

        // A document with a policy that this version does not have says nothing about the others.
        return errors.Length == 0 || errors.Any(error => (string)error!["code"]! == nameof(PolicyFinding.UnknownPolicy))
            ? null
            : $"{document} was refused: {(int)errors[0]!["line"]!}:{(int)errors[0]!["column"]!}: {errors[0]!["message"]}";
    }
}
