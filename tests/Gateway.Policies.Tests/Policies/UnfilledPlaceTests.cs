using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Tests.Fakes;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Policies;

/// <summary>Documents in use hold places that nobody filled in: they are saved, and fail the requests that come there.</summary>
public sealed class UnfilledPlaceTests
{
    [Theory]
    [InlineData("<cache-store-value key=\"k\" value=\"v\" duration=\"{{seconds}]\" />")]
    [InlineData("<set-header name=\"x-ms-meta-{Name}\"><value>v</value></set-header>")]
    [InlineData("<retry count=\"{retry-count}\" interval=\"0\" condition=\"@(true)\"><set-method>GET</set-method></retry>")]
    [InlineData("<set-backend-service base-url=\"{backend-url}/api\" />")]
    [InlineData("<send-request response-variable-name=\"r\"><set-url>{backend-url}/api</set-url></send-request>")]
    public async Task Literal_WithAPlaceThatWasNotFilledIn_IsAWarningAndFailsTheRequest(string policy)
    {
        var text = Compiled.Text(inbound: policy);
        var context = FakePolicyContext.Create();

        var compilation = PolicyDocumentCompiler.Compile(new PolicySource { Text = text, Scope = PolicyScope.Api, NamedValues = _ => null });
        await PolicyPipeline.Flatten(null, null, Compiled.Document(compilation, PolicyScope.Api), null).ExecuteAsync(context);

        Assert.Equal(PolicySeverity.Warning, Assert.Single(compilation.Diagnostics).Severity);
        Assert.Equal((500, "ExpressionValueValidationFailure"), (context.Sent.StatusCode, context.LastError!.Reason));
        Assert.Empty(context.FakeBackend.Requests);
    }

    [Fact]
    public void Literal_ThatIsWrongWithoutAPlace_IsAnError()
    {
        var text = Compiled.Text(inbound: "<cache-store-value key=\"k\" value=\"v\" duration=\"soon\" />");

        var compilation = PolicyDocumentCompiler.Compile(new PolicySource { Text = text, Scope = PolicyScope.Api, NamedValues = _ => null });

        Assert.Equal(PolicySeverity.Error, Assert.Single(compilation.Diagnostics).Severity);
    }
}
