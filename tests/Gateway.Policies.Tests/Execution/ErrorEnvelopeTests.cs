using System.Text;
using System.Text.Json;
using Gateway.Policies.Execution;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Execution;

public sealed class ErrorEnvelopeTests
{
    [Fact]
    public void Body_NotFound_IsThisToTheByte() =>
        Assert.Equal("{ \"statusCode\": 404, \"message\": \"Resource not found\" }", Text(ErrorEnvelope.NotFound));

    [Theory]
    [InlineData(401, "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.", 152)]
    [InlineData(401, "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.", 143)]
    public void Body_RecordedMessages_HaveTheRecordedLength(int status, string message, int length) =>
        Assert.Equal(length, new ErrorEnvelope(status, message).Body.Length);

    [Fact]
    public void Body_Internal_NamesTheRequest()
    {
        var id = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e");

        Assert.Equal(
            "{ \"statusCode\": 500, \"message\": \"Internal server error\", \"activityId\": \"0f8fad5b-d9cb-469f-a165-70867728950e\" }",
            Text(ErrorEnvelope.Internal(id)));
    }

    [Theory]
    [InlineData("a \"quoted\" \\ text")]
    [InlineData("line\r\nbreak\t\0\u001f")]
    [InlineData("é 漢 😀")]
    [InlineData("it's <b>&amp;")]
    public void Body_AnyMessage_IsJsonOnOneLine(string message)
    {
        var body = new ErrorEnvelope(400, message).Body;

        Assert.Equal(message, JsonDocument.Parse(body).RootElement.GetProperty("message").GetString());
        Assert.DoesNotContain("\n", Encoding.UTF8.GetString(body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "{ \"statusCode\": 508, \"message\": \"Loop detected\" }")]
    [InlineData("HEAD", "")]
    public async Task WriteAsync_Method_GetsHeadAndItsBody(string method, string body)
    {
        var context = FakePolicyContext.Create(method);
        context.Sent.ReasonPhrase = "Fine";

        await ErrorEnvelope.LoopDetected.WriteAsync(context.Http.Response);

        Assert.Equal((508, null, body), (context.Sent.StatusCode, context.Sent.ReasonPhrase, context.Sent.BodyText));
        Assert.Equal(("application/json", 49L), (context.Sent.Headers.ContentType.ToString(), context.Sent.Headers.ContentLength));
    }

    private static string Text(ErrorEnvelope envelope) => Encoding.UTF8.GetString(envelope.Body.Span);
}
