using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.PolicyChecks;
using Checks = Gateway.Grains.Catalog.PolicyChecks.PolicyChecks;

namespace Gateway.Grains.Tests.Catalog.PolicyChecks;

public sealed class PolicyChecksTests
{
    [Fact]
    public void Run_SeveralDocuments_JudgesEachAlone()
    {
        var verdicts = Checks.Run(
            [
                Document("good", "<policies><inbound><set-variable name=\"a\" value=\"@(\"{{n}}\" + context.Api.Id)\" /></inbound></policies>"),
                Document("bad", "<policies><inbound><set-variable name=\"a\" value=\"@(context.Nothing)\" /></inbound></policies>"),
                Document("template", "<policies><inbound><set-body template=\"none\">{{N}}</set-body></inbound></policies>"),
            ],
            CancellationToken.None);

        Assert.Equal(["good", "bad", "template"], verdicts.Select(verdict => verdict.Key));
        Assert.Equal([0, 1, 0], verdicts.Select(verdict => verdict.Errors.Length));
        Assert.StartsWith("Error in element 'set-variable' on line 1, column ", verdicts[1].Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(["n", "", "N"], verdicts.Select(verdict => string.Concat(verdict.NamedValues)));
    }

    [Fact]
    public void Run_BeyondTheLimit_SaysSo()
    {
        var verdict = Assert.Single(Checks.Run([Document("slow", "<policies><inbound><set-variable name=\"a\" value=\"@(1)\" /></inbound></policies>")], new CancellationToken(canceled: true)));

        Assert.Equal((ErrorKind.ValidationError, true), (Assert.Single(verdict.Errors).Code, verdict.Errors[0].Message.Contains("took too long", StringComparison.Ordinal)));
    }

    private static PolicyToCheck Document(string key, string text) =>
        new() { Key = key, Text = text, Scope = PolicyScope.Api, NamedValues = [new("n", "value", IsSecret: false)] };
}
