using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

/// <summary>Mistakes in policies that judge callers and change messages; § stands where the finding must point, and is taken out before compiling.</summary>
public sealed class AccessDiagnosticsTests
{
    public static TheoryData<string, string, string> Mistakes { get; } = new()
    {
        // access
        { "check-header", "<policies><inbound><§check-header failed-check-httpcode=\"403\" failed-check-error-message=\"x\" ignore-case=\"true\" /></inbound></policies>", "'name' is missing" },
        { "check-header", "<policies><inbound><§check-header name=\"a\" failed-check-error-message=\"x\" ignore-case=\"true\" /></inbound></policies>", "'failed-check-httpcode' is missing" },
        { "check-header", "<policies><inbound><§check-header name=\"a\" failed-check-httpcode=\"403\" ignore-case=\"true\" /></inbound></policies>", "'failed-check-error-message' is missing" },
        { "check-header", "<policies><inbound><check-header name=\"a\" §failed-check-httpcode=\"40\" failed-check-error-message=\"x\" /></inbound></policies>", "whole number from 200 to 599" },
        { "check-header", "<policies><inbound><check-header name=\"a\" failed-check-httpcode=\"403\" failed-check-error-message=\"x\" §ignore-case=\"maybe\" /></inbound></policies>", "must be true or false" },
        { "header", "<policies><inbound><check-header name=\"a\" failed-check-httpcode=\"403\" failed-check-error-message=\"x\"><§header>a</header></check-header></inbound></policies>", "may not stand in 'check-header'" },
        { "check-header", "<policies><outbound><§check-header name=\"a\" failed-check-httpcode=\"403\" failed-check-error-message=\"x\" /></outbound></policies>", "may not stand in outbound, only in inbound" },
        { "ip-filter", "<policies><inbound><§ip-filter><address>10.0.0.1</address></ip-filter></inbound></policies>", "'action' is missing" },
        { "ip-filter", "<policies><inbound><ip-filter §action=\"deny\"><address>10.0.0.1</address></ip-filter></inbound></policies>", "must be allow or forbid" },
        { "ip-filter", "<policies><inbound><§ip-filter action=\"allow\" /></inbound></policies>", "needs at least one" },
        { "address", "<policies><inbound><ip-filter action=\"forbid\"><address>§10.0.0.256</address></ip-filter></inbound></policies>", "must be an IP address" },
        { "address", "<policies><inbound><ip-filter action=\"forbid\"><address>§10.0.0.0/33</address></ip-filter></inbound></policies>", "must be an IP address" },
        { "address-range", "<policies><inbound><ip-filter action=\"forbid\"><address-range from=\"10.0.0.1\" §to=\"x\" /></ip-filter></inbound></policies>", "'to' must be an IP address" },
        { "address-range", "<policies><inbound><ip-filter action=\"allow\"><§address-range from=\"10.0.0.1\" /></ip-filter></inbound></policies>", "'to' is missing" },
        { "address-range", "<policies><inbound><ip-filter action=\"allow\"><§address-range from=\"10.0.0.2\" to=\"10.0.0.1\" /></ip-filter></inbound></policies>", "must not be before" },
        { "address-range", "<policies><inbound><ip-filter action=\"allow\"><§address-range from=\"10.0.0.2\" to=\"::1\" /></ip-filter></inbound></policies>", "of the same kind" },
        { "network", "<policies><inbound><ip-filter action=\"allow\"><§network>10.0.0.0/8</network></ip-filter></inbound></policies>", "may not stand in 'ip-filter'" },
        { "cors", "<policies><inbound><§cors /></inbound></policies>", "needs the element 'allowed-origins'" },
        { "cors", "<policies><inbound><cors §allow-credentials=\"1\"><allowed-origins><origin>*</origin></allowed-origins></cors></inbound></policies>", "must be true or false" },
        { "allowed-methods", "<policies><inbound><cors><allowed-origins><origin>*</origin></allowed-origins><allowed-methods §preflight-result-max-age=\"-1\"><method>GET</method></allowed-methods></cors></inbound></policies>", "whole number from 0" },
        { "method", "<policies><inbound><cors><allowed-origins><origin>*</origin></allowed-origins><allowed-methods><method>§G T</method></allowed-methods></cors></inbound></policies>", "must hold a name" },
        { "header", "<policies><inbound><cors><allowed-origins><origin>*</origin></allowed-origins><allowed-headers><header>§a:</header></allowed-headers></cors></inbound></policies>", "must hold a name" },
        { "allowed-origins", "<policies><inbound><cors><allowed-origins><origin>*</origin></allowed-origins><§allowed-origins /></cors></inbound></policies>", "may stand only once" },
        { "cors", "<policies><outbound><§cors><allowed-origins><origin>*</origin></allowed-origins></cors></outbound></policies>", "may not stand in outbound" },
        { "validate-jwt", "<policies><inbound><§validate-jwt><issuer-signing-keys><key>YWJj</key></issuer-signing-keys></validate-jwt></inbound></policies>", "needs one of the attributes" },
        { "validate-jwt", "<policies><inbound><§validate-jwt header-name=\"a\" query-parameter-name=\"b\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys></validate-jwt></inbound></policies>", "needs one of the attributes" },
        { "validate-jwt", "<policies><inbound><validate-jwt header-name=\"a\" §failed-validation-httpcode=\"600\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys></validate-jwt></inbound></policies>", "whole number from 200 to 599" },
        { "validate-jwt", "<policies><inbound><validate-jwt header-name=\"a\" §clock-skew=\"-1\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys></validate-jwt></inbound></policies>", "whole number from 0" },
        { "validate-jwt", "<policies><inbound><validate-jwt header-name=\"a\" §output-token-variable-name=\"@(1)\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys></validate-jwt></inbound></policies>", "may not be an expression" },
        { "openid-config", "<policies><inbound><validate-jwt header-name=\"a\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys><openid-config §url=\"issuer\" /></validate-jwt></inbound></policies>", "must be an absolute http or https URL" },
        { "openid-config", "<policies><inbound><validate-jwt header-name=\"a\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys><§openid-config /></validate-jwt></inbound></policies>", "'url' is missing" },
        { "key", "<policies><inbound><validate-jwt header-name=\"a\"><issuer-signing-keys><key>YWJj</key><key §n=\"*\" e=\"AQAB\" /></issuer-signing-keys></validate-jwt></inbound></policies>", "must be base64url" },
        { "claim", "<policies><inbound><validate-jwt header-name=\"a\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys><required-claims><§claim /></required-claims></validate-jwt></inbound></policies>", "'name' is missing" },
        { "claim", "<policies><inbound><validate-jwt header-name=\"a\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys><required-claims><claim name=\"a\" §match=\"some\" /></required-claims></validate-jwt></inbound></policies>", "must be all or any" },
        { "scope", "<policies><inbound><validate-jwt header-name=\"a\"><issuer-signing-keys><key>YWJj</key></issuer-signing-keys><§scope /></validate-jwt></inbound></policies>", "may not stand in 'validate-jwt'" },
        { "validate-azure-ad-token", "<policies><inbound><§validate-azure-ad-token /></inbound></policies>", "'tenant-id' is missing" },
        { "validate-azure-ad-token", "<policies><inbound><§validate-azure-ad-token tenant-id=\"t\" header-name=\"a\" token-value=\"b\" /></inbound></policies>", "needs one of the attributes" },
        // transformation
        { "find-and-replace", "<policies><inbound><§find-and-replace to=\"a\" /></inbound></policies>", "'from' is missing" },
        { "find-and-replace", "<policies><inbound><find-and-replace §from=\"\" to=\"a\" /></inbound></policies>", "must not be empty" },
        { "find-and-replace", "<policies><inbound><§find-and-replace from=\"a\" /></inbound></policies>", "'to' is missing" },
        { "set-method", "<policies><inbound><set-method>§G T</set-method></inbound></policies>", "must be a method" },
        { "set-method", "<policies><outbound><§set-method>GET</set-method></outbound></policies>", "only in inbound or on-error" },
        { "set-query-parameter", "<policies><inbound><§set-query-parameter><value>a</value></set-query-parameter></inbound></policies>", "'name' is missing" },
        { "set-query-parameter", "<policies><inbound><§set-query-parameter name=\"a\" /></inbound></policies>", "needs at least one 'value'" },
        { "set-query-parameter", "<policies><inbound><set-query-parameter name=\"a\" §exists-action=\"add\"><value>b</value></set-query-parameter></inbound></policies>", "must be override, skip, append or delete" },
        { "set-query-parameter", "<policies><outbound><§set-query-parameter name=\"a\"><value>b</value></set-query-parameter></outbound></policies>", "only in inbound or backend" },
        { "xml-to-json", "<policies><inbound><§xml-to-json apply=\"always\" /></inbound></policies>", "'kind' is missing" },
        { "xml-to-json", "<policies><inbound><xml-to-json kind=\"direct\" §apply=\"never\" /></inbound></policies>", "must be always or content-type-xml" },
        { "xml-to-json", "<policies><backend><§xml-to-json kind=\"direct\" apply=\"always\" /></backend></policies>", "only in inbound, outbound or on-error" },
        { "json-to-xml", "<policies><inbound><§json-to-xml /></inbound></policies>", "'apply' is missing" },
        { "json-to-xml", "<policies><inbound><json-to-xml apply=\"always\" §namespace-separator=\"\" /></inbound></policies>", "must not be empty" },
        { "jsonp", "<policies><outbound><§jsonp /></outbound></policies>", "'callback-parameter-name' is missing" },
        { "jsonp", "<policies><outbound><jsonp callback-parameter-name=\"a\" /><§jsonp callback-parameter-name=\"a\" /></outbound></policies>", "only once" },
        { "redirect-content-urls", "<policies><outbound><redirect-content-urls §from=\"a\" /></outbound></policies>", "has no attribute 'from'" },
        // validation
        { "validate-parameters", "<policies><inbound><§validate-parameters unspecified-parameter-action=\"ignore\" /></inbound></policies>", "'specified-parameter-action' is missing" },
        { "validate-parameters", "<policies><inbound><validate-parameters §specified-parameter-action=\"warn\" unspecified-parameter-action=\"ignore\" /></inbound></policies>", "must be ignore, prevent or detect" },
        { "path", "<policies><inbound><validate-parameters specified-parameter-action=\"ignore\" unspecified-parameter-action=\"ignore\"><path §unspecified-parameter-action=\"ignore\" /></validate-parameters></inbound></policies>", "has no attribute" },
        { "parameter", "<policies><inbound><validate-parameters specified-parameter-action=\"ignore\" unspecified-parameter-action=\"ignore\"><query><§parameter name=\"a\" /></query></validate-parameters></inbound></policies>", "'action' is missing" },
        { "parameter", "<policies><inbound><validate-parameters specified-parameter-action=\"ignore\" unspecified-parameter-action=\"ignore\"><query><parameter name=\"a\" action=\"ignore\" /><§parameter name=\"A\" action=\"detect\" /></query></validate-parameters></inbound></policies>", "stands in 'query' before" },
        { "validate-content", "<policies><inbound><§validate-content max-size=\"100\" size-exceeded-action=\"detect\" /></inbound></policies>", "'unspecified-content-type-action' is missing" },
        { "validate-content", "<policies><inbound><§validate-content unspecified-content-type-action=\"ignore\" size-exceeded-action=\"detect\" /></inbound></policies>", "'max-size' is missing" },
        { "validate-content", "<policies><inbound><§validate-content unspecified-content-type-action=\"ignore\" max-size=\"1\" /></inbound></policies>", "'size-exceeded-action' is missing" },
        { "validate-content", "<policies><inbound><validate-content §unspecified-content-type-action=\"warn\" max-size=\"1\" size-exceeded-action=\"detect\" /></inbound></policies>", "must be ignore, prevent or detect" },
        { "validate-content", "<policies><inbound><validate-content unspecified-content-type-action=\"ignore\" §max-size=\"4194305\" size-exceeded-action=\"detect\" /></inbound></policies>", "whole number from 1 to 4194304" },
        { "validate-content", "<policies><inbound><validate-content unspecified-content-type-action=\"ignore\" max-size=\"1\" size-exceeded-action=\"detect\" §errors-variable-name=\"@(1)\" /></inbound></policies>", "may not be an expression" },
        { "validate-content", "<policies><backend><§validate-content unspecified-content-type-action=\"ignore\" max-size=\"1\" size-exceeded-action=\"detect\" /></backend></policies>", "only in inbound, outbound or on-error" },
        { "content", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><§content schema-id=\"s\" action=\"prevent\" /></validate-content></inbound></policies>", "'validate-as' is missing" },
        { "content", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content schema-id=\"s\" §validate-as=\"yaml\" action=\"prevent\" /></validate-content></inbound></policies>", "must be json, xml or soap" },
        { "content", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><§content schema-id=\"s\" validate-as=\"json\" /></validate-content></inbound></policies>", "'action' is missing" },
        { "content", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content schema-id=\"s\" validate-as=\"xml\" action=\"prevent\" §schema-ref=\"#/a\" /></validate-content></inbound></policies>", "must begin with #" },
        { "content", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content schema-id=\"s\" validate-as=\"json\" action=\"prevent\" §schema-ref=\"https://a.example/b\" /></validate-content></inbound></policies>", "must begin with #" },
        { "content", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content §schema-id=\"@(1)\" validate-as=\"json\" action=\"prevent\" /></validate-content></inbound></policies>", "may not be an expression" },
        { "content", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content schema-id=\"s\" validate-as=\"json\" action=\"prevent\" §allow-additional-properties=\"1\" /></validate-content></inbound></policies>", "must be true or false" },
        { "content", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content schema-id=\"s\" validate-as=\"json\" action=\"prevent\" §case-insensitive-property-names=\"1\" /></validate-content></inbound></policies>", "must be true or false" },
        { "type", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content-type-map><§type to=\"a/b\" /></content-type-map></validate-content></inbound></policies>", "needs either the attribute 'from' or 'when'" },
        { "type", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content-type-map><§type from=\"a/b\" when=\"@(true)\" to=\"a/b\" /></content-type-map></validate-content></inbound></policies>", "needs either the attribute 'from' or 'when'" },
        { "type", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content-type-map><§type from=\"a/b\" /></content-type-map></validate-content></inbound></policies>", "'to' is missing" },
        { "content-type-map", "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"detect\"><content-type-map /><§content-type-map /></validate-content></inbound></policies>", "may stand only once" },
        { "validate-headers", "<policies><inbound><§validate-headers specified-header-action=\"ignore\" unspecified-header-action=\"ignore\" /></inbound></policies>", "only in outbound or on-error" },
        { "validate-headers", "<policies><outbound><§validate-headers specified-header-action=\"ignore\" /></outbound></policies>", "'unspecified-header-action' is missing" },
        { "validate-status-code", "<policies><outbound><§validate-status-code /></outbound></policies>", "'unspecified-status-code-action' is missing" },
        { "status-code", "<policies><outbound><validate-status-code unspecified-status-code-action=\"ignore\"><§status-code action=\"ignore\" /></validate-status-code></outbound></policies>", "'code' is missing" },
        { "identity", "<policies><inbound><validate-client-certificate><identities><§identity /></identities></validate-client-certificate></inbound></policies>", "needs at least one attribute" },
        { "validate-client-certificate", "<policies><inbound><validate-client-certificate §validate-trust=\"x\" /></inbound></policies>", "must be true or false" },
        { "xsl-transform", "<policies><inbound><§xsl-transform /></inbound></policies>", "needs a stylesheet" },
        { "xsl:stylesheet", "<policies><inbound><xsl-transform><§xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:nope /></xsl:stylesheet></xsl-transform></inbound></policies>", "The stylesheet cannot be used" },
        { "parameter", "<policies><inbound><xsl-transform><§parameter>a</parameter><xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" /></xsl-transform></inbound></policies>", "'name' is missing" },
        { "cross-domain", "<policies><inbound><§cross-domain><cross-domain-policy /></cross-domain></inbound></policies>", "may not be used at scope api" },
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

    [Theory]
    [InlineData("<ip-filter action=\"allow\"><§address>cluster-address</address></ip-filter>", "lets nobody pass")]
    [InlineData("<ip-filter action=\"allow\"><§address-range from=\"cluster-first\" to=\"cluster-last\" /></ip-filter>", "lets nobody pass")]
    [InlineData("<§cors terminate-unmatched-request=\"maybe\"><allowed-origins><origin>*</origin></allowed-origins></cors>", "it means true")]
    [InlineData("<cors><§allowed-origins> true </allowed-origins></cors>", "allows none")]
    [InlineData("<cors><allowed-origins><§origin>https://a.example/path</origin></allowed-origins></cors>", "No request has this origin")]
    [InlineData("<validate-jwt header-name=\"a\"><issuer-signing-keys><§key>{jwt_signing_key}</key></issuer-signing-keys></validate-jwt>", "it has signed no token")]
    [InlineData("<§validate-jwt header-name=\"a\" />", "there is no key")]
    public void Compile_WhatDoesOtherThanItSeems_IsWarnedOf(string element, string message)
    {
        var offset = "<policies><inbound>".Length + element.IndexOf('§', StringComparison.Ordinal);
        var compilation = Compile($"<policies><inbound>{element.Replace("§", "", StringComparison.Ordinal)}</inbound></policies>");

        Assert.NotNull(compilation.Tree);
        Assert.All(compilation.Diagnostics, warning => Assert.Equal(PolicySeverity.Warning, warning.Severity));
        Assert.Contains(compilation.Diagnostics, warning => warning.Column == offset + 1 && warning.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(PolicyScope.Global, true)]
    [InlineData(PolicyScope.Product, true)]
    [InlineData(PolicyScope.Api, false)]
    [InlineData(PolicyScope.Operation, false)]
    public void Compile_ContentWithoutSchema_IsWarnedOfWhereTypesOfDefinitionsAreNotKnown(PolicyScope scope, bool isWarned)
    {
        var compilation = PolicyDocumentCompiler.Compile(new PolicySource
        {
            Text = "<policies><inbound><validate-content unspecified-content-type-action=\"prevent\" max-size=\"100\" size-exceeded-action=\"prevent\"><content validate-as=\"json\" action=\"prevent\" /></validate-content></inbound></policies>",
            Scope = scope,
        });

        Assert.NotNull(compilation.Tree);
        Assert.Equal(isWarned, compilation.Diagnostics.Any(warning => warning.Message.Contains("only looked at for being well-formed here", StringComparison.Ordinal)));
    }

    private static PolicyCompilation Compile(string text) => PolicyDocumentCompiler.Compile(new PolicySource { Text = text, Scope = PolicyScope.Api, NamedValues = _ => null });
}
