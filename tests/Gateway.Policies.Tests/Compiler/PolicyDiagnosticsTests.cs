using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

/// <summary>Each row is a document with one mistake; § stands where the finding must point, and is taken out before compiling.</summary>
public sealed class PolicyDiagnosticsTests
{
    public static TheoryData<string, string, string> Mistakes { get; } = new()
    {
        // the document
        { "policies", "§", "The policy document is empty." },
        { "policies", "§  \r\n ", "The policy document is empty." },
        { "policy", "<§policy />", "must be 'policies'" },
        { "fragment", "<!-- a comment -->\n<§fragment><set-header name=\"A\" exists-action=\"delete\"/></fragment>", "must be 'policies'" },
        { "Policies", "<§Policies />", "must be 'policies'" },
        { "in-bound", "<policies><§in-bound /></policies>", "'in-bound' may not stand in 'policies'" },
        { "set-header", "<policies>\n  <§set-header name=\"A\" exists-action=\"delete\" />\n</policies>", "may not stand in 'policies'" },
        { "inbound", "<policies><inbound /><§inbound /></policies>", "'inbound' may stand only once" },
        { "on-error", "<policies>\n<on-error />\n<backend />\n<§on-error />\n</policies>", "'on-error' may stand only once" },
        { "policies", "<policies>\n §text<inbound /></policies>", "may not hold text" },
        { "policies", "<policies §version=\"1\" />", "has no attribute 'version'" },
        { "inbound", "<policies><inbound §enabled=\"true\" /></policies>", "has no attribute 'enabled'" },
        { "base", "<policies><inbound><base /><§base /></inbound></policies>", "'base' may stand only once" },
        { "base", "<policies><inbound><base §x=\"1\" /></inbound></policies>", "has no attribute 'x'" },
        { "b", "<policies><inbound><base><§b /></base></inbound></policies>", "may not stand in 'base'" },
        { "set-heaer", "<policies><inbound><§set-heaer name=\"A\" /></inbound></policies>", "'set-heaer' is not known" },
        { "log-to-nowhere", "<policies>\n\t<inbound>\n\t\t<§log-to-nowhere calls=\"1\" renewal-period=\"1\" />\n\t</inbound></policies>", "'log-to-nowhere' is not known" },
        // sections
        { "forward-request", "<policies><inbound><§forward-request /></inbound></policies>", "may not stand in inbound, only in backend" },
        { "forward-request", "<policies><on-error><§forward-request /></on-error></policies>", "may not stand in on-error" },
        { "set-backend-service", "<policies><outbound><§set-backend-service base-url=\"http://a\" /></outbound></policies>", "only in inbound or backend" },
        { "rewrite-uri", "<policies><backend><§rewrite-uri template=\"/\" /></backend></policies>", "may not stand in backend, only in inbound" },
        { "set-status", "<policies><inbound><§set-status code=\"200\" /></inbound></policies>", "only in backend, outbound or on-error" },
        { "forward-request", "<policies><backend><forward-request />\n<§forward-request /></backend></policies>", "only once in a document" },
        // forward-request
        { "forward-request", "<policies><backend><forward-request §timeout=\"soon\" /></backend></policies>", "whole number from 1 to 86400" },
        { "forward-request", "<policies><backend><forward-request §timeout=\"0\" /></backend></policies>", "whole number" },
        { "forward-request", "<policies><backend><forward-request §timeout=\"-1\" /></backend></policies>", "whole number" },
        { "forward-request", "<policies><backend><forward-request §timeout=\"99999999999999999999\" /></backend></policies>", "whole number" },
        { "forward-request", "<policies><backend><forward-request timeout=\"1\" §timeout-ms=\"5\" /></backend></policies>", "exclude each other" },
        { "forward-request", "<policies><backend><forward-request §follow-redirects=\"yes\" /></backend></policies>", "must be true or false" },
        { "forward-request", "<policies><backend><forward-request §buffer-request-body=\"1\" /></backend></policies>", "must be true or false" },
        { "forward-request", "<policies><backend><forward-request §buffer-response=\"\" /></backend></policies>", "must be true or false" },
        { "forward-request", "<policies><backend><forward-request §fail-on-error-status-code=\"x\" /></backend></policies>", "must be true or false" },
        { "forward-request", "<policies><backend><forward-request §http-version=\"3\" /></backend></policies>", "must be 1, 2or1 or 2" },
        { "forward-request", "<policies><backend><forward-request §continue-timeout=\"0\" /></backend></policies>", "whole number from 1 to 86400" },
        { "forward-request", "<policies><backend><forward-request §time-out=\"1\" /></backend></policies>", "has no attribute 'time-out'" },
        { "forward-request", "<policies><backend><forward-request>§now</forward-request></backend></policies>", "may not hold text" },
        // set-backend-service
        { "set-backend-service", "<policies><inbound><§set-backend-service /></inbound></policies>", "needs one of the attributes" },
        { "set-backend-service", "<policies><inbound><§set-backend-service base-url=\"http://a\" backend-id=\"b\" /></inbound></policies>", "needs one of the attributes" },
        { "set-backend-service", "<policies><inbound><set-backend-service §base-url=\"backend.local\" /></inbound></policies>", "absolute http, https, ws or wss URL" },
        { "set-backend-service", "<policies><inbound><set-backend-service §base-url=\"ftp://a\" /></inbound></policies>", "absolute http, https, ws or wss URL" },
        { "set-backend-service", "<policies><inbound><set-backend-service §base-url=\"http://a/#q\" /></inbound></policies>", "absolute http, https, ws or wss URL" },
        { "set-backend-service", "<policies><inbound><set-backend-service §base-url=\"http://u:p@a/\" /></inbound></policies>", "absolute http, https, ws or wss URL" },
        { "set-backend-service", "<policies><inbound><set-backend-service §backend-id=\"\" /></inbound></policies>", "must not be empty" },
        // set-header
        { "set-header", "<policies><inbound><§set-header><value>1</value></set-header></inbound></policies>", "'name' is missing" },
        { "set-header", "<policies><inbound><set-header §name=\"\"><value>1</value></set-header></inbound></policies>", "must not be empty" },
        { "set-header", "<policies><inbound><set-header §name=\"a b\"><value>1</value></set-header></inbound></policies>", "must be a header name" },
        { "set-header", "<policies><inbound><set-header §name=\"é\"><value>1</value></set-header></inbound></policies>", "must be a header name" },
        { "set-header", "<policies><inbound><set-header §name=\"connection\"><value>close</value></set-header></inbound></policies>", "belongs to the connection" },
        { "set-header", "<policies><outbound><set-header §name=\"Content-Length\"><value>1</value></set-header></outbound></policies>", "belongs to the connection" },
        { "set-header", "<policies><inbound><set-header §name=\"Transfer-Encoding\" exists-action=\"delete\" /></inbound></policies>", "belongs to the connection" },
        { "set-header", "<policies><inbound><set-header name=\"A\" §exists-action=\"replace\"><value>1</value></set-header></inbound></policies>", "must be override, skip, append or delete" },
        { "set-header", "<policies><inbound><§set-header name=\"A\" /></inbound></policies>", "at least one 'value'" },
        { "set-header", "<policies><inbound><§set-header name=\"A\" exists-action=\"append\" /></inbound></policies>", "at least one 'value'" },
        { "set-header", "<policies><inbound><set-header name=\"A\" §exist-action=\"skip\"><value>1</value></set-header></inbound></policies>", "has no attribute 'exist-action'" },
        { "values", "<policies><inbound><set-header name=\"A\"><value>1</value><§values>1</values></set-header></inbound></policies>", "may not stand in 'set-header'" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>\n  §naïve\u007f\n</value></set-header></inbound></policies>", "control characters" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>§a&#10;b</value></set-header></inbound></policies>", "control characters" },
        { "value", "<policies><inbound><set-header name=\"host\"><value>§bücher.example</value></set-header></inbound></policies>", "xn--" },
        { "value", "<policies><inbound><set-header name=\"A\"><value §type=\"int\">1</value></set-header></inbound></policies>", "has no attribute 'type'" },
        { "x", "<policies><inbound><set-header name=\"A\"><value><§x /></value></set-header></inbound></policies>", "may not stand in 'value'" },
        // rate-limit and rate-limit-by-key
        { "rate-limit", "<policies><inbound><§rate-limit renewal-period=\"60\" /></inbound></policies>", "'calls' is missing" },
        { "rate-limit", "<policies><inbound><§rate-limit calls=\"1\" /></inbound></policies>", "'renewal-period' is missing" },
        { "rate-limit", "<policies><inbound><rate-limit §calls=\"0\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" §renewal-period=\"301\" /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" renewal-period=\"1\" /><§rate-limit calls=\"1\" renewal-period=\"1\" /></inbound></policies>", "only once in a document" },
        { "rate-limit", "<policies><outbound><§rate-limit calls=\"1\" renewal-period=\"1\" /></outbound></policies>", "only in inbound" },
        { "quota-by-key", "<policies><inbound><quota-by-key calls=\"1\" renewal-period=\"300\" counter-key=\"k\" §on-outage=\"escrow\" /></inbound></policies>", "escrow is for rate limits" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" renewal-period=\"1\" §on-outage=\"never\" /></inbound></policies>", "must be last-seen, closed, escrow or open" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" renewal-period=\"1\" §retry-after-header-name=\"a b\" /></inbound></policies>", "must be the name of a header" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" renewal-period=\"1\" §total-calls-header-name=\"Content-Length\" /></inbound></policies>", "must be the name of a header" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" renewal-period=\"1\" §remaining-calls-variable-name=\"\" /></inbound></policies>", "must not be empty" },
        { "api", "<policies><inbound><rate-limit calls=\"1\" renewal-period=\"1\"><§api calls=\"1\" renewal-period=\"1\" /></rate-limit></inbound></policies>", "needs the attribute 'id' or 'name'" },
        { "operation", "<policies><inbound><rate-limit calls=\"1\" renewal-period=\"1\"><api id=\"a\" calls=\"1\" renewal-period=\"1\"><§operation id=\"b\" calls=\"1\" /></api></rate-limit></inbound></policies>", "'renewal-period' is missing" },
        { "operation", "<policies><inbound><rate-limit calls=\"1\" renewal-period=\"1\"><§operation id=\"b\" calls=\"1\" renewal-period=\"1\" /></rate-limit></inbound></policies>", "may not stand in 'rate-limit'" },
        { "rate-limit-by-key", "<policies><inbound><§rate-limit-by-key calls=\"1\" renewal-period=\"1\" /></inbound></policies>", "'counter-key' is missing" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" renewal-period=\"1\" §counter-key=\"\" /></inbound></policies>", "must not be empty" },
        { "rate-limit-by-key", "<policies><inbound><§rate-limit-by-key counter-key=\"a\" renewal-period=\"1\" /></inbound></policies>", "'calls' is missing" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" counter-key=\"a\" §renewal-period=\"500\" /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" renewal-period=\"1\" counter-key=\"a\" §increment-count=\"0\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" renewal-period=\"1\" counter-key=\"a\" §increment-condition=\"maybe\" /></inbound></policies>", "must be true or false" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" renewal-period=\"1\" counter-key=\"a\" §rate-limit-headers=\"x\" /></inbound></policies>", "must be none or ietf" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" renewal-period=\"1\" counter-key=\"a\" §shadow=\"x\" /></inbound></policies>", "must be true or false" },
        { "rate-limit", "<policies><inbound><rate-limit §calls=\"99999999999\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit", "<policies><inbound><rate-limit §calls=\"-5\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit", "<policies><inbound><rate-limit §calls=\"ten\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        // limit-concurrency
        { "limit-concurrency", "<policies><backend><§limit-concurrency key=\"a\"><forward-request /></limit-concurrency></backend></policies>", "'max-count' is missing" },
        { "limit-concurrency", "<policies><backend><§limit-concurrency max-count=\"1\"><forward-request /></limit-concurrency></backend></policies>", "'key' is missing" },
        { "limit-concurrency", "<policies><backend><limit-concurrency key=\"a\" §max-count=\"0\"><forward-request /></limit-concurrency></backend></policies>", "whole number from 1" },
        { "limit-concurrency", "<policies><backend><limit-concurrency key=\"a\" §max-count=\"@(1)\"><forward-request /></limit-concurrency></backend></policies>", "may not be an expression" },
        { "limit-concurrency", "<policies><backend><limit-concurrency key=\"a\" max-count=\"1\" §across=\"world\"><forward-request /></limit-concurrency></backend></policies>", "must be node or site" },
        { "forward-request", "<policies><inbound><limit-concurrency key=\"a\" max-count=\"1\"><§forward-request /></limit-concurrency></inbound></policies>", "may not stand in inbound" },
        // numbers that are none
        { "rate-limit", "<policies><inbound><rate-limit §calls=\"-1\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit", "<policies><inbound><rate-limit §calls=\"2147483648\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit", "<policies><inbound><rate-limit §calls=\"ten\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit", "<policies><inbound><rate-limit §calls=\"1.5\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" §renewal-period=\"0\"  /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" §renewal-period=\"-60\"  /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" §renewal-period=\"99999999999\"  /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit", "<policies><inbound><rate-limit calls=\"1\" §renewal-period=\"a minute\"  /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key §calls=\"-1\" renewal-period=\"60\" counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key §calls=\"2147483648\" renewal-period=\"60\" counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key §calls=\"ten\" renewal-period=\"60\" counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key §calls=\"1.5\" renewal-period=\"60\" counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key §calls=\"\" renewal-period=\"60\" counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" §renewal-period=\"0\"  counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" §renewal-period=\"-60\"  counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" §renewal-period=\"99999999999\"  counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 300" },
        { "rate-limit-by-key", "<policies><inbound><rate-limit-by-key calls=\"1\" §renewal-period=\"a minute\"  counter-key=\"a\" /></inbound></policies>", "whole number from 1 to 300" },
        { "quota", "<policies><inbound><quota §bandwidth=\"-1\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "quota", "<policies><inbound><quota §bandwidth=\"2147483648\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "quota", "<policies><inbound><quota §bandwidth=\"much\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "limit-concurrency", "<policies><backend><limit-concurrency key=\"a\" §max-count=\"-1\"><forward-request /></limit-concurrency></backend></policies>", "whole number from 1" },
        { "limit-concurrency", "<policies><backend><limit-concurrency key=\"a\" §max-count=\"2147483648\"><forward-request /></limit-concurrency></backend></policies>", "whole number from 1" },
        { "limit-concurrency", "<policies><backend><limit-concurrency key=\"a\" §max-count=\"some\"><forward-request /></limit-concurrency></backend></policies>", "whole number from 1" },
        // quota and quota-by-key
        { "quota", "<policies><inbound><§quota renewal-period=\"60\" /></inbound></policies>", "needs the attribute 'calls', 'bandwidth' or both" },
        { "quota", "<policies><inbound><§quota calls=\"1\" /></inbound></policies>", "'renewal-period' is missing" },
        { "quota", "<policies><inbound><quota §calls=\"0\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "quota", "<policies><inbound><quota §bandwidth=\"1.5\" renewal-period=\"60\" /></inbound></policies>", "whole number from 1 to 2147483647" },
        { "quota", "<policies><inbound><quota calls=\"1\" §renewal-period=\"-1\" /></inbound></policies>", "whole number from 0 to 2147483647" },
        { "quota", "<policies><inbound><quota calls=\"1\" renewal-period=\"1\" /><§quota calls=\"1\" renewal-period=\"1\" /></inbound></policies>", "only once in a document" },
        { "quota", "<policies><outbound><§quota calls=\"1\" renewal-period=\"1\" /></outbound></policies>", "only in inbound" },
        { "quota-by-key", "<policies><inbound><§quota-by-key calls=\"1\" renewal-period=\"300\" /></inbound></policies>", "'counter-key' is missing" },
        { "quota-by-key", "<policies><inbound><quota-by-key calls=\"1\" §renewal-period=\"299\" counter-key=\"a\" /></inbound></policies>", "0 or a whole number of seconds from 300" },
        { "quota-by-key", "<policies><inbound><quota-by-key calls=\"1\" renewal-period=\"300\" counter-key=\"a\" §first-period-start=\"tomorrow\" /></inbound></policies>", "of the form 2026-01-31T00:00:00Z" },
        // rewrite-uri
        { "rewrite-uri", "<policies><inbound><§rewrite-uri /></inbound></policies>", "'template' is missing" },
        { "rewrite-uri", "<policies><inbound><rewrite-uri §template=\"/a/{b\" /></inbound></policies>", "a name between each pair of braces" },
        { "rewrite-uri", "<policies><inbound><rewrite-uri §template=\"/a}\" /></inbound></policies>", "a name between each pair of braces" },
        { "rewrite-uri", "<policies><inbound><rewrite-uri §template=\"/{}\" /></inbound></policies>", "a name between each pair of braces" },
        { "rewrite-uri", "<policies><inbound><rewrite-uri §template=\"/a/../b\" /></inbound></policies>", "segments . and .." },
        { "rewrite-uri", "<policies><inbound><rewrite-uri §template=\"/a/%2E%2e/b\" /></inbound></policies>", "segments . and .." },
        { "rewrite-uri", "<policies><inbound><rewrite-uri §template=\"/a b\" /></inbound></policies>", "white space" },
        { "rewrite-uri", "<policies><inbound><rewrite-uri §template=\"/a#b\" /></inbound></policies>", "fragment" },
        { "rewrite-uri", "<policies><inbound><rewrite-uri template=\"/\" §copy-unmatched-params=\"0\" /></inbound></policies>", "must be true or false" },
        // return-response and its children
        { "set-status", "<policies><inbound><return-response><§set-status /></return-response></inbound></policies>", "'code' is missing" },
        { "set-status", "<policies><inbound><return-response><set-status §code=\"OK\" /></return-response></inbound></policies>", "whole number from 200 to 599" },
        { "set-status", "<policies><inbound><return-response><set-status §code=\"101\" /></return-response></inbound></policies>", "whole number from 200 to 599" },
        { "set-status", "<policies><outbound><set-status §code=\"600\" reason=\"x\" /></outbound></policies>", "whole number from 200 to 599" },
        { "set-status", "<policies><outbound><set-status code=\"200\" §reason=\"très\" /></outbound></policies>", "printable ASCII" },
        { "set-status", "<policies><inbound><return-response><set-status code=\"200\" /><§set-status code=\"201\" /></return-response></inbound></policies>", "only once in 'return-response'" },
        { "set-body", "<policies><inbound><return-response><set-body>a</set-body><§set-body>b</set-body></return-response></inbound></policies>", "only once in 'return-response'" },
        { "forward-request", "<policies><inbound><return-response><§forward-request /></return-response></inbound></policies>", "may not stand in 'return-response'" },
        { "set-body", "<policies><inbound><set-body §template=\"razor\">x</set-body></inbound></policies>", "must be none" },
        { "set-body", "<policies><inbound><§set-body template=\"liquid\">{% if a %}</set-body></inbound></policies>", "The template cannot be read" },
        { "set-body", "<policies><inbound><§set-body template=\"liquid\">{% nope %}</set-body></inbound></policies>", "The template cannot be read" },
        { "set-body", "<policies><inbound><set-body template=\"liquid\" §xsi-nil=\"none\">x</set-body></inbound></policies>", "must be blank or null" },
        { "set-body", "<policies><inbound><set-body §xsi-nil=\"x\">a</set-body></inbound></policies>", "must be blank or null" },
        { "a", "<policies><inbound><set-body><§a /></set-body></inbound></policies>", "must stand in a CDATA section" },
        // named values
        { "value", "<policies><inbound><set-header name=\"A\"><value>x §{{missing}} y</value></set-header></inbound></policies>", "no named value 'missing'" },
        { "set-backend-service", "<policies><inbound>\n<set-backend-service base-url=\"http://{{host}}/§{{missing.one}}\" /></inbound></policies>", "no named value 'missing.one'" },
        { "set-status", "<policies><outbound><set-status §code=\"{{text}}\" /></outbound></policies>", "whole number" },
        // expressions where there may be none
        { "inbound", "<policies><inbound>\n  §@(1)<base /></inbound></policies>", "may not hold text" },
        { "base", "<policies><inbound><choose><when condition=\"true\"><§base /></when></choose></inbound></policies>", "in a section only" },
        { "choose", "<policies><inbound><§choose /></inbound></policies>", "needs at least one 'when'" },
        { "choose", "<policies><inbound><§choose><otherwise /></choose></inbound></policies>", "needs at least one 'when'" },
        { "when", "<policies><inbound><choose><§when /></choose></inbound></policies>", "'condition' is missing" },
        { "when", "<policies><inbound><choose><when §condition=\"yes\" /></choose></inbound></policies>", "must be true or false" },
        { "otherwise", "<policies><inbound><choose><when condition=\"true\" /><otherwise /><§otherwise /></choose></inbound></policies>", "only once" },
        { "set-header", "<policies><inbound><choose><§set-header name=\"x\" /><when condition=\"true\" /></choose></inbound></policies>", "may not stand in 'choose'" },
        { "forward-request", "<policies><inbound><choose><when condition=\"true\"><§forward-request /></when></choose></inbound></policies>", "may not stand in inbound" },
        { "set-variable", "<policies><inbound><§set-variable name=\"a\" /></inbound></policies>", "'value' is missing" },
        { "set-variable", "<policies><inbound><§set-variable value=\"a\" /></inbound></policies>", "'name' is missing" },
        { "set-variable", "<policies><inbound><set-variable §name=\"@(1)\" value=\"a\" /></inbound></policies>", "may not be an expression" },
        // XML
        { "inbound", "<policies><inbound></§outbound></policies>", "not well-formed XML: The 'inbound' start tag" },
        { "policies", "<policies><inbound /><§", "not well-formed XML" },
        { "set-header", "<policies><inbound><set-header name=\"A\" §name=\"B\" /></inbound></policies>", "not well-formed XML: 'name' is a duplicate attribute name" },
        { "set-header", "<policies><inbound><set-header name=§A /></inbound></policies>", "not well-formed XML" },
        { "policies", "<policies /><§policies />", "not well-formed XML" },
        { "policies", "§no markup", "not well-formed XML" },
        { "set-header", "<policies><inbound><set-header name=\"A\"§exists-action=\"delete\" /></inbound></policies>", "White space is missing before this attribute" },
        { "set-header", "<policies><inbound><set-header name=\"a \"§b\" c\" /></inbound></policies>", "White space is missing before this attribute" },
        { "set-header", "<policies><inbound><set-header name=§\"A /></inbound></policies>", "has no closing quote" },
        { "set-header", "<policies><inbound><set-header name§></set-header></inbound></policies>", "equals sign is missing" },
        { "set-header", "<policies><inbound><set-header §=\"A\"></set-header></inbound></policies>", "A name is missing" },
        { "set-header", "<policies><inbound><§set-header name=\"A\"", "'set-header' has no end" },
        { "inbound", "<policies><inbound></inbound §x></policies>", "end tag of 'inbound' has no end" },
        { "policies", "<policies></policies></§policies>", "No element is open" },
        { "policies", "<policies></policies> §x", "Text may not stand outside" },
        { "policies", "§<!-- <policies/>", "comment that starts here has no end" },
        { "inbound", "<policies><inbound>§<![CDATA[ ]] ></inbound></policies>", "CDATA section that starts here has no end" },
        { "inbound", "<policies><inbound>§<?pi ></inbound></policies>", "processing instruction that starts here has no end" },
        { "inbound", "<policies><inbound>§<!ELEMENT a></inbound></policies>", "no such markup" },
        { "policies", "<!-- only -->§", "no outermost element" },
        { "policies", "<policies>\n§\u0001</policies>", "The character U+0001 may not stand in XML" },
        { "policies", "§<!DOCTYPE policies [<!ENTITY a \"b\">]><policies />", "document type declaration" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Compile_Mistake_PointsAtIt(string element, string marked, string message)
    {
        var offset = marked.IndexOf('§', StringComparison.Ordinal);
        var lines = marked[..offset].Split('\n');

        var compilation = Compile(marked.Remove(offset, 1), element == "quota" ? PolicyScope.Product : PolicyScope.Api);

        Assert.Null(compilation.Tree);
        var finding = Assert.Single(compilation.Diagnostics);
        Assert.Equal((element, lines.Length, lines[^1].Length + 1), (finding.Element, finding.Line, finding.Column));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Equal(PolicySeverity.Error, finding.Severity);
    }

    [Theory]
    [InlineData("<policies><inbound>\ntrue<base /></inbound></policies>")]
    [InlineData("<policies><inbound><choose><when condition=\"true\">\nelse</when></choose></inbound></policies>")]
    public void Compile_StrayWordBetweenPolicies_IsPassedOverWithAWarning(string text)
    {
        var compilation = Compile(text);

        Assert.NotNull(compilation.Tree);
        var finding = Assert.Single(compilation.Diagnostics);
        Assert.Equal((2, 1, PolicySeverity.Warning), (finding.Line, finding.Column, finding.Severity));
    }

    [Fact]
    public void Compile_ServiceFabric_IsAcceptedWithAWarning()
    {
        var finding = Assert.Single(Compile("<policies><inbound><set-backend-service backend-id=\"b\" sf-partition-key=\"@(context.Api.Id)\" /></inbound></policies>").Diagnostics, d => d.Severity == PolicySeverity.Warning);

        Assert.Equal("The attribute 'sf-partition-key' has no effect: requests go to the backend's URL, and no Service Fabric is asked for another.", finding.Message);
    }

    public static TheoryData<string, string> NearNames => new()
    {
        { "<policies><inbuond /></policies>", "Did you mean 'inbound'?" },
        { "<policies><inbound><set-heder name=\"a\" /></inbound></policies>", "Did you mean 'set-header'?" },
        { "<policies><inbound><Set-Variable name=\"a\" value=\"1\" /></inbound></policies>", "Did you mean 'set-variable'?" },
        { "<policies><inbound><set-variable nmae=\"a\" name=\"a\" value=\"1\" /></inbound></policies>", "Did you mean 'name'?" },
        { "<policies><inbound><return-response><set-staus code=\"200\" /></return-response></inbound></policies>", "Did you mean 'set-status'?" },
        { "<policies><backend><forward-request follow-redirect=\"true\" /></backend></policies>", "Did you mean 'follow-redirects'?" },
        { "<policies><inbound><completely-different /></inbound></policies>", "" },
    };

    [Theory]
    [MemberData(nameof(NearNames))]
    public void Compile_NearlyAName_AsksForTheNearest(string text, string question)
    {
        var finding = Assert.Single(Compile(text).Diagnostics);

        Assert.EndsWith(question.Length == 0 ? "." : question, finding.Message, StringComparison.Ordinal);
        Assert.Equal(question.Length == 0, !finding.Message.Contains("Did you mean", StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_ManyMistakes_AreToldAtOnceWithTheirPaths()
    {
        var compilation = Compile(
            "<policies><inbound><choose><when condition=\"true\" /><when condition=\"perhaps\"><unknown /></when></choose><set-header /></inbound><outbound><set-status code=\"7\" /></outbound><other /></policies>");

        Assert.Equal(
            ["policies/inbound/choose/when[2]", "policies/inbound/choose/when[2]/unknown", "policies/inbound/set-header", "policies/outbound/set-status", "policies/other"],
            compilation.Diagnostics.Select(finding => finding.Path).Distinct());
    }

    [Theory]
    [InlineData("<policies><inbound><choose></inbound>", "policies/inbound/choose")]
    [InlineData("<policies><inbound a=></policies>", "policies/inbound")]
    public void Compile_TextThatCannotBeRead_NamesTheOpenElements(string text, string path)
    {
        var finding = Assert.Single(Compile(text).Diagnostics);

        Assert.Equal((path, PolicyFinding.MalformedDocument), (finding.Path, finding.Kind));
    }

    [Theory]
    [InlineData(0xD800, ' ')]
    [InlineData(0xDC00, 0xD800)]
    [InlineData(0xFFFF, ' ')]
    public void Compile_NoCharacter_IsRefusedWithItsNumber(int first, int second)
    {
        var finding = Assert.Single(Compile($"<policies>\n{(char)first}{(char)second}</policies>").Diagnostics);

        Assert.Equal((2, 1), (finding.Line, finding.Column));
        Assert.Contains($"U+{first:X4}", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_Position_IsThatOfTheNameCountedFromOne()
    {
        var finding = Assert.Single(Compile("<policies>\n\t<inbound>\n\t\t<include-fragment />\n\t</inbound>\n</policies>").Diagnostics);

        Assert.Equal((3, 4), (finding.Line, finding.Column));
    }

    [Theory]
    [InlineData("\uFEFF<policies><nothing/></policies>", 1, 13)]
    [InlineData("\n \n  <?xml version=\"1.0\" encoding=\"utf-8\"?><policies><nothing/></policies>", 3, 52)]
    [InlineData("\n <?xml version=\"1.0\"?>\n<policies><nothing/></policies>", 3, 12)]
    public void Compile_TextBeforeTheDeclaration_KeepsPositions(string text, int line, int column)
    {
        var finding = Assert.Single(Compile(text).Diagnostics);

        Assert.Equal((line, column), (finding.Line, finding.Column));
    }

    [Fact]
    public void Compile_SeveralMistakes_ReportsAllInTheOrderOfTheText()
    {
        var findings = Compile("<policies><outbound><a/></outbound><inbound><b/><set-header/></inbound></policies>").Diagnostics;

        Assert.Equal(["a", "b", "set-header", "set-header"], findings.Select(f => f.Element));
    }

    [Fact]
    public void Compile_ManyMistakes_ReportsABoundedNumber()
    {
        var text = $"<policies><inbound>{string.Concat(Enumerable.Repeat("<a/>", 5000))}</inbound></policies>";

        Assert.Equal(PolicyDiagnostics.Maximum, Compile(text).Diagnostics.Count);
    }

    [Fact]
    public void Compile_TooManyElements_IsRefused() =>
        Refused($"<policies><inbound>{string.Concat(Enumerable.Repeat("<base/>", PolicyTree.MaximumElements))}</inbound></policies>", "elements at most");

    [Fact]
    public void Compile_TooDeep_IsRefused() =>
        Refused(string.Concat(Enumerable.Repeat("<a>", 5000)) + string.Concat(Enumerable.Repeat("</a>", 5000)), "64 deep");

    [Fact]
    public void Compile_TooManyAttributes_IsRefused() =>
        Refused($"<policies {string.Join(' ', Enumerable.Range(0, 65).Select(i => $"a{i}=''"))} />", "64 attributes");

    [Fact]
    public void Compile_TooLong_IsRefused() =>
        Refused($"<policies><!--{new string('é', PolicySource.MaximumBytes / 2)}--></policies>", "512 KB");

    private static void Refused(string text, string message)
    {
        var compilation = Compile(text);

        Assert.Null(compilation.Tree);
        Assert.Contains(message, Assert.Single(compilation.Diagnostics).Message, StringComparison.Ordinal);
    }

    private static PolicyCompilation Compile(string text, PolicyScope scope = PolicyScope.Api) => PolicyDocumentCompiler.Compile(new PolicySource
    {
        Text = text,
        Scope = scope,
        NamedValues = name => name switch
        {
            "host" => new("backend", false),
            "text" => new("abc", true),
            _ => null,
        },
    });
}
