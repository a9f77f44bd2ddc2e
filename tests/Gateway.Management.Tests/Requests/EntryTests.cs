using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Gateway.Contracts.Results;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Requests;

public sealed class EntryTests : ManagementFixture
{
    private const string Query = "?api-version=2024-05-01";

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer test-token2")]
    [InlineData("Bearer test-toke")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic test-token")]
    [InlineData("test-token")]
    [InlineData("SharedAccessSignature test-token")]
    public async Task Request_WithoutTheToken_IsRefused(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ManagementServer.Service + "/apis" + Query);
        Server.Client.DefaultRequestHeaders.Authorization = null;
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        var reply = await Server.SendAsync(request);

        Assert.Equal((401, "Unauthorized"), (reply.Status, reply.Code));
        Assert.Equal("Bearer", reply.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("bearer test-token")]
    [InlineData("BEARER   test-token ")]
    public async Task Token_IsTakenWithoutRegardToSpacesAndTheCaseOfItsScheme(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ManagementServer.Service + "/apis" + Query);
        Server.Client.DefaultRequestHeaders.Authorization = null;
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        Assert.Equal(200, (await Server.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/favicon.ico")]
    [InlineData("/subscriptions")]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.Web/sites/gateway")]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/other")]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/other/apis")]
    public async Task Address_OfSomethingElse_IsNotFound(string path)
    {
        var reply = await Server.SendRawAsync("GET", path + Query);

        Assert.Equal((404, "ResourceNotFound"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Address_ComparesItsLiteralsWithoutCase_AndAnswersInTheCallersIds()
    {
        await Server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":"P"}}""");

        var reply = await Server.SendRawAsync("GET", "/SUBSCRIPTIONS/mine/resourcegroups/Group/PROVIDERS/microsoft.apimanagement/Service/GATEWAY/Products/p" + Query);

        Assert.Equal(200, reply.Status);
        Assert.Equal("/subscriptions/mine/resourceGroups/Group/providers/Microsoft.ApiManagement/service/gateway/products/p", (string?)reply.Json["id"]);
    }

    [Theory]
    [InlineData("2021-08-01")]
    [InlineData("2024-06-01-preview")]
    [InlineData("2099-12-31")]
    public async Task ApiVersion_OfAnyDate_IsTaken(string version) =>
        Assert.Equal(200, (await Server.SendAsync("GET", $"/apis?api-version={version}")).Status);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Body_OfAnotherContentType_IsTakenWhenItIsJson(string? contentType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, ManagementServer.Service + "/products/p" + Query)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes("\uFEFF{\"properties\":{\"displayName\":\"P\"}}")),
        };
        request.Content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);

        Assert.Equal(201, (await Server.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Body_ThatIsCompressed_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, ManagementServer.Service + "/products/p" + Query) { Content = new ByteArrayContent([1, 2, 3]) };
        request.Content.Headers.ContentEncoding.Add("gzip");

        var reply = await Server.SendAsync(request);

        Assert.Equal((400, "ValidationError"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Body_WithBytesThatAreNotUtf8_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, ManagementServer.Service + "/products/p" + Query)
        {
            Content = new ByteArrayContent([.. "{\"properties\":{\"displayName\":\""u8, 0xC3, 0x28, .. "\"}}"u8]),
        };

        var reply = await Server.SendAsync(request);

        Assert.Equal((400, "ValidationError"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("PUT", "/products/p", 4)]
    [InlineData("PUT", "/apis/a", 4)]
    [InlineData("PUT", "/apis/a", 64)]
    [InlineData("POST", "/changes", 64)]
    public async Task Body_AboveItsBound_IsRefusedWithOurEnvelope(string method, string path, int megabytes)
    {
        var body = "{\"properties\":{\"displayName\":\"" + new string('x', megabytes * 1024 * 1024) + "\"}}";

        var reply = await Server.SendAsync(method, path, body);

        Assert.Equal((413, "RequestTooLarge"), (reply.Status, reply.Code));
        Assert.Contains($"{megabytes} MB", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_AboveItsBoundInChunks_IsRefusedWithOurEnvelope()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, ManagementServer.Service + "/products/p" + Query)
        {
            Content = new StreamContent(new MemoryStream(new byte[5 * 1024 * 1024])),
        };
        request.Headers.TransferEncodingChunked = true;

        var reply = await Server.SendAsync(request);

        Assert.Equal((413, "RequestTooLarge"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Body_OfMillionsOfValues_IsRefused()
    {
        var reply = await Server.SendAsync("PUT", "/products/p", "{\"properties\":{\"displayName\":\"P\",\"x\":[" + new string('1', 1) + string.Concat(Enumerable.Repeat(",1", 1_000_000)) + "]}}");

        Assert.Equal((413, "RequestTooLarge"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("/subscriptions/../../etc/passwd", 400)]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis/../products?api-version=2024-05-01", 400)]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis/..%2fproducts?api-version=2024-05-01", 400)]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis\\..\\products?api-version=2024-05-01", 400)]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis/%252e%252e?api-version=2024-05-01", 400)]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis/%ff%fe?api-version=2024-05-01", 400)]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis/%2e%2E/products?api-version=2024-05-01", 400)]
    [InlineData("/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis/%2E?api-version=2024-05-01", 400)]
    [InlineData("http://elsewhere/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis/../products?api-version=2024-05-01", 400)]
    [InlineData("http://elsewhere/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/gateway/apis?api-version=2024-05-01", 200)]
    public async Task RawTarget_IsJudgedAsItWasSent(string target, int status)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = new TcpClient();
        await socket.ConnectAsync(Server.Address.Host, Server.Address.Port, deadline.Token);
        var stream = socket.GetStream();
        var host = target.StartsWith("http:", StringComparison.Ordinal) ? "elsewhere" : "127.0.0.1";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {ManagementServer.Token}\r\nConnection: close\r\n\r\n"), deadline.Token);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(deadline.Token);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_InsideTheService_IsAnsweredWithoutDetails()
    {
        Catalog.Failure = new InvalidOperationException("secret detail");

        var reply = await Server.SendAsync("GET", "/apis/a");

        Assert.Equal((500, "InternalServerError"), (reply.Status, reply.Code));
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_OfTheCatalog_IsAnsweredAsUnavailable()
    {
        Catalog.Failure = new TimeoutException("Response did not arrive on time");

        var reply = await Server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":"P"}}""");

        Assert.Equal((503, "ServiceUnavailable", "2"), (reply.Status, reply.Code, reply.Header("Retry-After")));
    }

    [Theory]
    [InlineData(ErrorKind.ValidationError, 400)]
    [InlineData(ErrorKind.ResourceNotFound, 404)]
    [InlineData(ErrorKind.MethodNotAllowed, 405)]
    [InlineData(ErrorKind.Conflict, 409)]
    [InlineData(ErrorKind.PreconditionFailed, 412)]
    [InlineData(ErrorKind.RequestTooLarge, 413)]
    [InlineData(ErrorKind.ServiceUnavailable, 503)]
    public async Task ErrorKind_HasItsStatus(ErrorKind kind, int status)
    {
        Catalog.Refusal = new GatewayError(kind, "Because.");

        var reply = await Server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":"P"}}""");

        Assert.Equal((status, kind.ToString()), (reply.Status, reply.Code));
        Assert.Equal(kind == ErrorKind.ServiceUnavailable ? "2" : null, reply.Header("Retry-After"));
        Assert.Equal("Because.", (string?)reply.Details[0]["message"]);
    }

    [Fact]
    public void ErrorKind_IsTestedForEveryKind() =>
        Assert.Equal(7, Enum.GetValues<ErrorKind>().Length);
}
