using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

/// <summary>An expression whose type cannot become what its setting wants is refused where it stands.</summary>
public sealed class ExpressionTypeTests
{
    [Theory]
    [InlineData("<choose><when §condition=\"@(&quot;true&quot;)\" /></choose>", "must be true or false. This expression is a String.")]
    [InlineData("<choose><when §condition=\"@(1)\" /></choose>", "must be true or false. This expression is a Int32.")]
    [InlineData("<choose><when §condition=\"@(context.Variables.GetValueOrDefault<string>(&quot;a&quot;))\" /></choose>", "must be true or false")]
    [InlineData("<choose><when §condition=\"@(context.Request.Body.As<JObject>()[&quot;a&quot;])\" /></choose>", "must be true or false. This expression is a JToken.")]
    [InlineData("<return-response><set-status §code=\"@(true)\" /></return-response>", "must be a whole number. This expression is a Boolean.")]
    [InlineData("<return-response><set-status §code=\"@(Guid.NewGuid())\" /></return-response>", "must be a whole number")]
    [InlineData("<choose><when condition=\"true\"><choose><when §condition=\"@(new JObject())\" /></choose></when></choose>", "must be true or false")]
    public void Check_TypeThatCannotConvert_PointsAtTheSetting(string marked, string message)
    {
        var steps = marked.Replace("§", "", StringComparison.Ordinal);

        var finding = Assert.Single(Check($"<policies><inbound>\n{steps}</inbound></policies>").Diagnostics);

        Assert.Equal((2, marked.IndexOf('§', StringComparison.Ordinal) + 1), (finding.Line, finding.Column));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<choose><when condition=\"@(1 < 2)\" /></choose>")]
    [InlineData("<choose><when condition=\"@((bool?)true)\" /></choose>")]
    [InlineData("<choose><when condition=\"@(context.Variables[&quot;a&quot;])\" /></choose>")]
    [InlineData("<choose><when condition=\"@{ if (context.Api == null) { return true; } return false; }\" /></choose>")]
    [InlineData("<return-response><set-status code=\"@((string)context.Variables[&quot;a&quot;])\" /></return-response>")]
    [InlineData("<return-response><set-status code=\"@(200L)\" reason=\"@(5)\" /></return-response>")]
    [InlineData("<return-response><set-status code=\"@(context.Request.Body.As<JObject>()[&quot;a&quot;])\" /></return-response>")]
    [InlineData("<set-header name=\"a\"><value>@(DateTime.UtcNow)</value></set-header>")]
    [InlineData("<set-body>@(new byte[0])</set-body>")]
    [InlineData("<set-variable name=\"a\" value=\"@(context.Request.Headers.Select(h => new { h.Key }).ToList())\" />")]
    public void Check_TypeThatCanConvert_IsAccepted(string steps)
    {
        var compilation = Check($"<policies><inbound>{steps}</inbound></policies>");

        Assert.Empty(compilation.Diagnostics);
        Assert.NotNull(compilation.Tree);
    }

    private static PolicyCompilation Check(string text) =>
        PolicyDocumentCompiler.Check([new PolicySource { Text = text, Scope = PolicyScope.Api }], CancellationToken.None)[0];
}
