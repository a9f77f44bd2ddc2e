using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

/// <summary>Mistakes in policies that call, wait, cache and observe; § stands where the finding must point, and is taken out before compiling.</summary>
public sealed class RuntimeDiagnosticsTests
{
    public static TheoryData<string, string, string> Mistakes { get; } = new()
    {
        // calls
        { "send-request", "<policies><inbound><§send-request><set-url>http://a</set-url></send-request></inbound></policies>", "'response-variable-name' is missing" },
        { "send-request", "<policies><inbound><§send-request response-variable-name=\"r\" /></inbound></policies>", "needs a 'set-url' unless its mode is copy" },
        { "send-request", "<policies><inbound><send-request response-variable-name=\"r\" §mode=\"old\"><set-url>http://a</set-url></send-request></inbound></policies>", "must be new or copy" },
        { "send-request", "<policies><inbound><send-request response-variable-name=\"r\" §timeout=\"0\"><set-url>http://a</set-url></send-request></inbound></policies>", "whole number from 1 to 3600" },
        { "send-request", "<policies><inbound><send-request response-variable-name=\"r\" §ignore-error=\"maybe\"><set-url>http://a</set-url></send-request></inbound></policies>", "must be true or false" },
        { "send-request", "<policies><inbound><send-request response-variable-name=\"r\" §ignore-error=\"@(true)\"><set-url>http://a</set-url></send-request></inbound></policies>", "may not be an expression" },
        { "set-url", "<policies><inbound><send-request response-variable-name=\"r\"><set-url>§/relative</set-url></send-request></inbound></policies>", "absolute http or https URL" },
        { "set-url", "<policies><inbound><send-request response-variable-name=\"r\"><set-url>http://a</set-url><§set-url>http://b</set-url></send-request></inbound></policies>", "only once" },
        { "set-method", "<policies><inbound><send-request response-variable-name=\"r\"><set-url>http://a</set-url><set-method>§GET IT</set-method></send-request></inbound></policies>", "name of a method" },
        { "set-status", "<policies><inbound><send-request response-variable-name=\"r\"><set-url>http://a</set-url><§set-status code=\"200\" /></send-request></inbound></policies>", "may not stand in 'send-request'" },
        { "proxy", "<policies><inbound><§proxy /></inbound></policies>", "'url' is missing" },
        { "proxy", "<policies><inbound><proxy §url=\"ftp://proxy\" /></inbound></policies>", "absolute http or https URL" },
        { "proxy", "<policies><inbound><proxy url=\"http://proxy:1\" §username=\"u\" /></inbound></policies>", "both or not at all" },
        { "proxy", "<policies><outbound><§proxy url=\"http://proxy:1\" /></outbound></policies>", "only in inbound" },
        { "send-one-way-request", "<policies><inbound><send-one-way-request §response-variable-name=\"r\"><set-url>http://a</set-url></send-one-way-request></inbound></policies>", "has no attribute 'response-variable-name'" },
        // authentication
        { "authentication-basic", "<policies><inbound><§authentication-basic password=\"p\" /></inbound></policies>", "'username' is missing" },
        { "authentication-basic", "<policies><inbound><§authentication-basic username=\"u\" /></inbound></policies>", "'password' is missing" },
        { "authentication-basic", "<policies><inbound><authentication-basic §username=\"a:b\" password=\"p\" /></inbound></policies>", "must not hold a colon" },
        { "authentication-basic", "<policies><outbound><§authentication-basic username=\"u\" password=\"p\" /></outbound></policies>", "only in inbound" },
        { "authentication-managed-identity", "<policies><inbound><§authentication-managed-identity /></inbound></policies>", "'resource' is missing" },
        { "authentication-managed-identity", "<policies><inbound><authentication-managed-identity §resource=\"\" /></inbound></policies>", "must not be empty" },
        { "authentication-managed-identity", "<policies><inbound><authentication-managed-identity resource=\"r\" §ignore-error=\"x\" /></inbound></policies>", "must be true or false" },
        // cached values
        { "cache-lookup-value", "<policies><inbound><§cache-lookup-value variable-name=\"v\" /></inbound></policies>", "'key' is missing" },
        { "cache-lookup-value", "<policies><inbound><§cache-lookup-value key=\"k\" /></inbound></policies>", "'variable-name' is missing" },
        { "cache-lookup-value", "<policies><inbound><cache-lookup-value key=\"k\" variable-name=\"v\" §caching-type=\"redis\" /></inbound></policies>", "must be prefer-external, internal or external" },
        { "cache-lookup-value", "<policies><inbound><cache-lookup-value key=\"k\" variable-name=\"v\" §caching-type=\"@(&quot;internal&quot;)\" /></inbound></policies>", "may not be an expression" },
        { "cache-store-value", "<policies><inbound><§cache-store-value key=\"k\" duration=\"1\" /></inbound></policies>", "'value' is missing" },
        { "cache-store-value", "<policies><inbound><§cache-store-value key=\"k\" value=\"v\" /></inbound></policies>", "'duration' is missing" },
        { "cache-store-value", "<policies><inbound><cache-store-value key=\"k\" value=\"v\" §duration=\"-1\" /></inbound></policies>", "whole number from 0" },
        { "cache-store-value", "<policies><inbound><cache-store-value §key=\"\" value=\"v\" duration=\"1\" /></inbound></policies>", "must not be empty" },
        { "cache-remove-value", "<policies><inbound><cache-remove-value key=\"k\" §fail-on-cache-removal-error=\"x\" /></inbound></policies>", "must be true or false" },
        { "cache-value", "<policies><inbound><§cache-value key=\"k\" variable-name=\"v\" expires-after=\"1\" /></inbound></policies>", "needs a 'value'" },
        { "cache-value", "<policies><inbound><§cache-value key=\"k\" variable-name=\"v\"><value /></cache-value></inbound></policies>", "'expires-after' is missing" },
        { "cache-value", "<policies><inbound><cache-value key=\"k\" variable-name=\"v\" expires-after=\"5\" §refresh-after=\"5\"><value /></cache-value></inbound></policies>", "must be less than 'expires-after'" },
        { "bogus", "<policies><inbound><cache-value key=\"k\" variable-name=\"v\" expires-after=\"5\"><value><§bogus /></value></cache-value></inbound></policies>", "'bogus' is not known" },
        // certificates, loggers, metrics, mocks
        { "authentication-certificate", "<policies><inbound><§authentication-certificate /></inbound></policies>", "needs one of the attributes 'certificate-id', 'thumbprint' and 'body'" },
        { "authentication-certificate", "<policies><inbound><§authentication-certificate certificate-id=\"a\" thumbprint=\"0000000000000000000000000000000000000000\" /></inbound></policies>", "needs one of the attributes" },
        { "authentication-certificate", "<policies><inbound><authentication-certificate §thumbprint=\"00\" /></inbound></policies>", "40 hex digits" },
        { "authentication-certificate", "<policies><inbound><authentication-certificate certificate-id=\"a\" §password=\"p\" /></inbound></policies>", "is that of 'body'" },
        { "log-to-eventhub", "<policies><inbound><§log-to-eventhub>m</log-to-eventhub></inbound></policies>", "'logger-id' is missing" },
        { "log-to-eventhub", "<policies><inbound><log-to-eventhub logger-id=\"l\" partition-id=\"1\" §partition-key=\"k\">m</log-to-eventhub></inbound></policies>", "exclude each other" },
        { "log-to-eventhub", "<policies><inbound><log-to-eventhub §logger-id=\"@(1)\">m</log-to-eventhub></inbound></policies>", "may not be an expression" },
        { "emit-metric", "<policies><inbound><§emit-metric><dimension name=\"d\" /></emit-metric></inbound></policies>", "'name' is missing" },
        { "emit-metric", "<policies><inbound><§emit-metric name=\"m\" /></inbound></policies>", "needs 1 to 10 elements 'dimension'" },
        { "emit-metric", "<policies><inbound><emit-metric name=\"m\" §value=\"many\"><dimension name=\"d\" /></emit-metric></inbound></policies>", "must be a number" },
        { "dimension", "<policies><inbound><emit-metric name=\"m\"><§dimension value=\"d\" /></emit-metric></inbound></policies>", "'name' is missing" },
        { "mock-response", "<policies><inbound><mock-response §status-code=\"99\" /></inbound></policies>", "whole number from 200 to 599" },
        { "mock-response", "<policies><inbound><mock-response §index=\"-1\" /></inbound></policies>", "whole number from 0 to 1000" },
        // retry, wait, trace
        { "retry", "<policies><inbound><§retry count=\"1\" interval=\"1\" /></inbound></policies>", "'condition' is missing" },
        { "retry", "<policies><inbound><§retry condition=\"@(true)\" interval=\"1\" /></inbound></policies>", "'count' is missing" },
        { "retry", "<policies><inbound><§retry condition=\"@(true)\" count=\"1\" /></inbound></policies>", "'interval' is missing" },
        { "retry", "<policies><inbound><retry condition=\"@(true)\" §count=\"1001\" interval=\"1\" /></inbound></policies>", "whole number from 1 to 1000" },
        { "retry", "<policies><inbound><retry condition=\"@(true)\" count=\"1\" §interval=\"-1\" /></inbound></policies>", "whole number from 0 to 3600" },
        { "retry", "<policies><inbound><retry condition=\"@(true)\" count=\"1\" interval=\"1\" §first-fast-retry=\"x\" /></inbound></policies>", "must be true or false" },
        { "forward-request", "<policies><inbound><retry condition=\"@(true)\" count=\"1\" interval=\"1\"><§forward-request /></retry></inbound></policies>", "may not stand in inbound" },
        { "wait", "<policies><inbound><wait §for=\"some\" /></inbound></policies>", "must be all or any" },
        { "set-header", "<policies><inbound><wait><§set-header name=\"A\" exists-action=\"delete\" /></wait></inbound></policies>", "may not stand in 'wait'" },
        { "wait", "<policies><inbound><wait><choose><when condition=\"true\"><§wait /></when></choose></wait></inbound></policies>", "may not stand in another" },
        { "wait", "<policies><on-error><§wait /></on-error></policies>", "only in inbound, backend or outbound" },
        { "trace", "<policies><inbound><§trace><message>m</message></trace></inbound></policies>", "'source' is missing" },
        { "trace", "<policies><inbound><§trace source=\"s\" /></inbound></policies>", "needs a 'message'" },
        { "trace", "<policies><inbound><trace source=\"s\" §severity=\"debug\"><message>m</message></trace></inbound></policies>", "must be verbose, information or error" },
        { "metadata", "<policies><inbound><trace source=\"s\"><message>m</message><§metadata name=\"n\" /></trace></inbound></policies>", "'value' is missing" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Compile_Mistake_PointsAtIt(string element, string marked, string message)
    {
        var offset = marked.IndexOf('§', StringComparison.Ordinal);
        var lines = marked[..offset].Split('\n');

        var compilation = Compile(marked.Remove(offset, 1));

        Assert.Null(compilation.Tree);
        var finding = Assert.Single(compilation.Diagnostics);
        Assert.Equal((element, lines.Length, lines[^1].Length + 1), (finding.Element, finding.Line, finding.Column));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Equal(PolicySeverity.Error, finding.Severity);
    }

    private static PolicyCompilation Compile(string text) => PolicyDocumentCompiler.Compile(new PolicySource { Text = text, Scope = PolicyScope.Api, NamedValues = _ => null });
}
