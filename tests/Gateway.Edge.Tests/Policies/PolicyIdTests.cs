using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

/// <summary>The <c>id</c> of a policy in the error that it makes.</summary>
public sealed class PolicyIdTests : IAsyncLifetime
{
    private const string Say = "<set-body>@((context.LastError.PolicyId ?? \"null\") + \" of \" + context.LastError.Source)</set-body>";

    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("<set-variable id=\"mine\" name=\"v\" value=\"@((string)context.Variables[\"none\"])\" />", "mine of set-variable")]
    [InlineData("<set-variable name=\"v\" value=\"@((string)context.Variables[\"none\"])\" />", "null of set-variable")]
    [InlineData("<check-header id=\"key check\" name=\"X-None\" failed-check-httpcode=\"403\" failed-check-error-message=\"no\" ignore-case=\"true\" />", "key check of check-header")]
    [InlineData("<choose id=\"outer\"><when condition=\"@(true)\"><ip-filter id=\"inner\" action=\"forbid\"><address>127.0.0.1</address></ip-filter></when></choose>", "inner of ip-filter")]
    [InlineData("<choose id=\"outer\"><when condition=\"@((bool)context.Variables[\"none\"])\"><ip-filter id=\"inner\" action=\"forbid\"><address>127.0.0.1</address></ip-filter></when></choose>", "outer of choose")]
    [InlineData("<validate-jwt id=\"token\" header-name=\"Authorization\"><issuer-signing-keys><key>AAAA</key></issuer-signing-keys></validate-jwt>", "token of validate-jwt")]
    [InlineData("<send-request id=\"call\" response-variable-name=\"r\"><set-url>{backend}/reset</set-url></send-request>", "call of send-request")]
    [InlineData("<return-response id=\"end\" response-variable-name=\"none\" />", "end of return-response")]
    public async Task Error_has_the_id_of_the_policy_that_failed(string inbound, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: inbound, onError: Say);

        Assert.Equal(expected, await gateway.GetTextAsync("/a/json"));
    }

    [Theory]
    [InlineData("/a/reset", "<forward-request id=\"ahead\" />", "", "ahead of forward-request")]
    [InlineData("/a/status/404", "<forward-request id=\"ahead\" fail-on-error-status-code=\"true\" />", "", "ahead of forward-request")]
    [InlineData("/a/reset", "<retry id=\"again\" condition=\"@(true)\" count=\"1\" interval=\"0\"><forward-request id=\"ahead\" /></retry>", "", "ahead of forward-request")]
    [InlineData("/a/json", "<forward-request id=\"ahead\" />", "<validate-status-code id=\"judge\" unspecified-status-code-action=\"prevent\" />", "judge of validate-status-code")]
    public async Task Error_of_a_later_section_has_it_too(string target, string toBackend, string outbound, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, toBackend: toBackend, outbound: outbound, onError: Say);

        Assert.Equal(expected, await gateway.GetTextAsync(target));
    }
}
