using System.Security.Cryptography;
using Gateway.Policies.Execution;
using Gateway.Policies.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Tests.Expressions.Context;

/// <summary>What expressions read, through real programs: the value goes into a header of the request to the backend.</summary>
public sealed class ContextTests
{
    [Theory]
    [InlineData("context.Api.Id", "orders")]
    [InlineData("context.Api.Name", "Orders")]
    [InlineData("context.Api.Path", "/shop/orders")]
    [InlineData("context.Api.Revision", "2")]
    [InlineData("context.Api.IsCurrentRevision", "True")]
    [InlineData("context.Api.Version == null", "True")]
    [InlineData("string.Join(\",\", context.Api.Protocols)", "https")]
    [InlineData("context.Api.ServiceUrl.Host + context.Api.ServiceUrl.Path", "inner.example/base")]
    [InlineData("context.Api.SubscriptionKeyParameterNames.Header + context.Api.SubscriptionKeyParameterNames.Query", "X-Keykey")]
    [InlineData("context.Operation.Id + context.Operation.Name + context.Operation.Method + context.Operation.UrlTemplate", "getGetGET/{id}?q={q}")]
    [InlineData("context.Product.Id + context.Product.Name + context.Product.State + context.Product.SubscriptionRequired", "goldGoldPublishedTrue")]
    [InlineData("context.Subscription.Id + context.Subscription.Name + context.Subscription.Key", "subSubsecret-key")]
    [InlineData("context.Product.SubscriptionLimit + \" \" + context.Product.SubscriptionsLimit + context.Product.ApprovalRequired", "3 3False")]
    [InlineData("string.Join(\",\", context.Product.Apis.Select(a => a.Name)) + context.Product.Groups.Count()", "Orders0")]
    [InlineData("context.Product?.Apis.Any(a => a.Id == \"gone\")", "False")]
    [InlineData("context.Subscription.CreatedDate.Year", "2025")]
    [InlineData("context.Subscription.StartDate.Value.Year + \" \" + (context.Subscription.EndDate < DateTime.UtcNow)", "2024 True")]
    [InlineData("context.Subscription.PrimaryKey + (context.Subscription.SecondaryKey == null)", "secret-keyTrue")]
    [InlineData("context.Subscription.Key == context.Subscription.PrimaryKey", "True")]
    [InlineData("context.Request.PrivateEndpointConnection == null", "True")]
    [InlineData("context.Request.MatchedParameters(\"ID\") + (string)context.Request.MatchedParameters(\"none\", \"d\")", "a/bd")]
    [InlineData("context.User == null ? \"none\" : context.User.Id", "none")]
    [InlineData("context.User?.Groups.Select(g => g.Name).FirstOrDefault() ?? \"none\"", "none")]
    [InlineData("context.Deployment.Gateway.Id + context.Deployment.GatewayId + context.Deployment.Region", "managedmanagedmanaged")]
    [InlineData("context.Deployment.ServiceId + context.Deployment.ServiceName + context.Deployment.Gateway.InstanceId", "installationservicenode-1")]
    [InlineData("context.Deployment.Gateway.IsManaged", "True")]
    [InlineData("context.Deployment.Certificates.Count", "0")]
    [InlineData("context.Elapsed.TotalMilliseconds", "7")]
    [InlineData("context.Timestamp.ToString(\"u\")", "2026-01-02 03:04:05Z")]
    [InlineData("context.Tracing", "False")]
    [InlineData("context.LastError == null", "True")]
    [InlineData("context.Response == null", "True")]
    [InlineData("context.RequestId != Guid.Empty", "True")]
    [InlineData("context.Request.Method", "GET")]
    [InlineData("context.Request.IpAddress", "10.1.2.3")]
    [InlineData("context.Request.Certificate == null", "True")]
    [InlineData("context.Request.Body == null", "True")]
    [InlineData("context.Request.Headers.GetValueOrDefault(\"x-many\")", "a,b")]
    [InlineData("context.Request.Headers.GetValueOrDefault(\"X-None\", \"d\")", "d")]
    [InlineData("context.Request.Headers.GetValueOrDefault(\"X-None\") == null", "True")]
    [InlineData("context.Request.Headers[\"X-Many\"].Length", "2")]
    [InlineData("context.Request.Headers.ContainsKey(\"x-MANY\")", "True")]
    [InlineData("context.Request.Headers[\"X-Many\"].First() + context.Request.Headers.Keys.Contains(\"X-Many\")", "aTrue")]
    [InlineData("context.Request.MatchedParameters[\"ID\"]", "a/b")]
    [InlineData("context.Request.MatchedParameters.GetValueOrDefault(\"none\", \"d\")", "d")]
    [InlineData("context.Request.MatchedParameters.ContainsKey(\"q\")", "True")]
    [InlineData("context.Request.OriginalUrl.ToString()", "https://api.example:8443/shop/orders/a%20b?q=1&q=2&r=%C3%A4")]
    [InlineData("context.Request.OriginalUrl.ToUri().Port", "8443")]
    [InlineData("context.Request.OriginalUrl.Host", "api.example")]
    [InlineData("context.Request.OriginalUrl.Path", "/shop/orders/a%20b")]
    [InlineData("context.Request.OriginalUrl.QueryString", "?q=1&q=2&r=%C3%A4")]
    [InlineData("context.Request.OriginalUrl.Query.GetValueOrDefault(\"Q\")", "1,2")]
    [InlineData("context.Request.OriginalUrl.Query[\"r\"][0].Length", "1")]
    [InlineData("context.Request.Url.ToString()", "http://inner.example/base/orders/a%20b?q=1&q=2&r=%C3%A4")]
    [InlineData("context.Request.Url.Scheme + context.Request.Url.Port + context.Request.Url.Query.ContainsKey(\"r\")", "http80True")]
    [InlineData("context.Variables.ContainsKey(\"none\")", "False")]
    [InlineData("context.Variables.GetValueOrDefault(\"none\", 5)", "5")]
    [InlineData("context.Variables.GetValueOrDefault<string>(\"none\") == null", "True")]
    [InlineData("context.Variables.GetValueOrDefault<bool>(\"none\")", "False")]
    [InlineData("context.Variables.GetValueOrDefault(\"none\") == null", "True")]
    public async Task Member_InInbound_IsThatOfTheRequest(string expression, string expected)
    {
        var context = Create();

        await Compiled.Pipeline(api: Compiled.Text(inbound: Header(expression))).ExecuteAsync(context);

        Assert.Null(context.LastError);
        Assert.Equal(expected, Assert.Single(context.FakeBackend.Requests).Headers["X-Value"]);
    }

    [Theory]
    [InlineData("context.Response.StatusCode", "404")]
    [InlineData("context.Response.StatusReason", "Not Found")]
    [InlineData("context.Response.Headers.GetValueOrDefault(\"x-backend\")", "yes")]
    [InlineData("context.Response.Headers.ContainsKey(\"X-None\")", "False")]
    [InlineData("context.Response.Body.As<string>(preserveContent: true)", "from backend")]
    [InlineData("((IResponse)context.Response).StatusCode.ToString()", "404")]
    public async Task Response_InOutbound_IsTheBackends(string expression, string expected)
    {
        var context = Create();
        context.FakeBackend.Status = 404;

        await Compiled.Pipeline(api: Compiled.Text(outbound: Header(expression))).ExecuteAsync(context);

        Assert.Null(context.LastError);
        Assert.Equal(expected, context.Sent.Headers["X-Value"].ToString());
        Assert.Equal("from backend", context.Sent.BodyText);
        Assert.Equal(0, context.FakeBackend.Live);
    }

    [Fact]
    public async Task Changes_OfEarlierPolicies_AreSeen()
    {
        var context = Create();
        context.Http.Request.Headers["X-In"] = "old";
        const string steps =
            """
            <set-header name="X-In" exists-action="override"><value>new</value></set-header>
            <set-header name="Host" exists-action="override"><value>other.example</value></set-header>
            <set-backend-service base-url="https://second.example:444/v2" />
            <rewrite-uri template="/changed" copy-unmatched-params="false" />
            """;

        await Compiled.Pipeline(api: Compiled.Text(inbound: steps + Header(
            "context.Request.Headers.GetValueOrDefault(\"X-In\") + \" \" + context.Request.OriginalUrl.Host + \" \" + context.Request.Url"))).ExecuteAsync(context);

        Assert.Equal(
            "new api.example https://second.example:444/v2/changed", Assert.Single(context.FakeBackend.Requests).Headers["X-Value"]);
    }

    [Theory]
    [InlineData("context.Variables[\"none\"]")]
    [InlineData("context.Request.Headers[\"none\"][0]")]
    [InlineData("context.Request.MatchedParameters[\"none\"]")]
    [InlineData("context.Variables.GetValueOrDefault<string>(\"number\")")]
    [InlineData("(string)context.Variables[\"number\"]")]
    [InlineData("context.Response.StatusCode")]
    [InlineData("new List<int>()")]
    public async Task Expression_ThatFails_Is500WithItsPlace(string expression)
    {
        var context = Create();

        await Compiled.Pipeline(api: Compiled.Text(
            inbound: "<set-variable name=\"number\" value=\"@(5)\" />" + Header(expression, "id=\"mine\""))).ExecuteAsync(context);

        var error = context.LastError!;
        Assert.Equal(("set-header", "ExpressionValueEvaluationFailure"), (error.Source, error.Reason));
        Assert.Equal(("api", "inbound", "set-header[2]", "mine"), (error.Scope, error.Section, error.Path, error.PolicyId));
        Assert.StartsWith("Expression evaluation failed. ", error.Message, StringComparison.Ordinal);
        Assert.Equal(500, context.Sent.StatusCode);
        Assert.Equal($"{{ \"statusCode\": 500, \"message\": \"Internal server error\", \"activityId\": \"{context.RequestId}\" }}", context.Sent.BodyText);
        Assert.Empty(context.FakeBackend.Requests);
    }

    private static string Header(string expression, string attributes = "") =>
        $"<set-header name=\"X-Value\" exists-action=\"override\" {attributes}><value>@({expression})</value></set-header>";

    private static FakePolicyContext Create()
    {
        var context = FakePolicyContext.Create();
        var request = context.Http.Request;
        (request.Scheme, request.Host, request.Path) = ("https", new HostString("api.example", 8443), "/shop/orders/a b");
        request.QueryString = new QueryString("?q=1&q=2&r=%C3%A4");
        request.Headers["X-Many"] = (string[])["a", "b"];
        context.Http.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("::ffff:10.1.2.3");
        context.MatchedParameters["id"] = "a/b";
        context.MatchedParameters["q"] = "1";
        context.Key = "secret-key";
        context.Match(
            new ApiInfo("orders", "Orders", "shop/orders", "2", "http://inner.example/base") { Protocols = ["https"], KeyHeader = "X-Key", KeyQuery = "key" },
            new OperationInfo("get", "Get", "GET", "/{id}?q={q}"),
            new ProductInfo("gold", "Gold", true, false, true) { Apis = ["orders", "gone"], SubscriptionsLimit = 3 },
            new SubscriptionInfo("sub", "Sub", new DateTimeOffset(2025, 5, 1, 0, 0, 0, TimeSpan.Zero))
            {
                StartDate = new(2024, 5, 1, 0, 0, 0, TimeSpan.Zero),
                EndDate = new(2025, 9, 1, 0, 0, 0, TimeSpan.Zero),
                PrimaryKeyHash = Convert.ToBase64String(SHA256.HashData("secret-key"u8)),
            });
        context.Apis["orders"] = context.Api!;
        context.Backend.BaseUrl = "http://inner.example/base";
        (context.Backend.Path, context.Backend.Query) = ("/orders/a%20b", request.QueryString.Value!);
        return context;
    }
}
