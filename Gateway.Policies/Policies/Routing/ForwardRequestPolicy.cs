using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Routing;

/// <summary>
/// Sends the request to the backend and waits for status and headers of its answer. Without it in the backend section nothing is
/// forwarded and outbound starts with an empty response. A document that has its own replaces the inherited one.
/// </summary>
public sealed class ForwardRequestPolicy : IPolicy<ForwardRequestPolicy>
{
    private PolicySetting<int>? _seconds;
    private PolicySetting<int>? _milliseconds;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "forward-request",
        Sections = PolicySection.Backend,
        OncePerDocument = true,
    };

    /// <summary>
    /// <c>timeout</c> in seconds (1 to 86 400) or <c>timeout-ms</c> in milliseconds (1 to 86 400 000), not both: how long to wait for
    /// the answer's headers; 300 seconds by default. May be expressions. <c>buffer-request-body</c>: keep the body so that it can be sent again.
    /// <c>http-version</c> towards the backend: <c>1</c>, <c>2or1</c> or <c>2</c>. <c>buffer-response</c> is accepted;
    /// answers are always streamed.
    /// </summary>
    public required ForwardOptions Options { get; init; }

    /// <summary><c>fail-on-error-status-code</c>: an answer of 400 to 599 leads to on-error; it stays the answer unless on-error makes another.</summary>
    public bool FailOnErrorStatusCode { get; init; }

    /// <inheritdoc/>
    public static ForwardRequestPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var seconds = read.IntegerSetting("timeout", 1, 86_400);
        var milliseconds = read.IntegerSetting("timeout-ms", 1, 86_400_000);
        if (element.Attribute("timeout") is not null && element.Attribute("timeout-ms") is not null)
        {
            read.Error("timeout-ms", "The attributes 'timeout' and 'timeout-ms' exclude each other.");
        }

        if (read.Boolean("follow-redirects", false))
        {
            read.Error("follow-redirects", "Following redirects is not supported by this version.");
        }

        read.NotSupported("continue-timeout");
        read.Boolean("buffer-response", true);
        var policy = new ForwardRequestPolicy
        {
            FailOnErrorStatusCode = read.Boolean("fail-on-error-status-code", false),
            _seconds = seconds is { IsLiteral: false } ? seconds : null,
            _milliseconds = milliseconds is { IsLiteral: false } ? milliseconds : null,
            Options = new(
                seconds is { IsLiteral: true, Literal: var s } ? TimeSpan.FromSeconds(s)
                    : milliseconds is { IsLiteral: true, Literal: var ms } ? TimeSpan.FromMilliseconds(ms)
                    : null,
                read.Boolean("buffer-request-body", false))
            {
                HttpVersion = read.Choice("http-version", ForwardHttpVersion.Default,
                [
                    ("1", ForwardHttpVersion.Http1), ("2or1", ForwardHttpVersion.Http2OrHttp1), ("2", ForwardHttpVersion.Http2),
                ]),
            },
        };
        read.End();
        return policy;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var options = OptionsFor(context);
        if (context.Exchange is { } earlier)
        {
            context.Exchange = null;
            context.ResponseBody = null;
            await earlier.DiscardAsync();
            await earlier.DisposeAsync();
        }

        context.HasForwarded = true;
        context.Exchange = await context.ForwardAsync(options);
        var status = context.Http.Response.StatusCode;
        if (FailOnErrorStatusCode && status is >= 400 and <= 599)
        {
            var message = $"The backend answered with status {status}.";
            throw new PolicyException(
                new LastError { Source = Descriptor.Name, Reason = "BackendErrorStatusCode", Message = message }, status, message)
            {
                KeepsResponse = true,
            };
        }
    }

    private ForwardOptions OptionsFor(PolicyContext context) =>
        _seconds is { } seconds ? Options with { Timeout = TimeSpan.FromSeconds(seconds.For(context)) }
        : _milliseconds is { } milliseconds ? Options with { Timeout = TimeSpan.FromMilliseconds(milliseconds.For(context)) }
        : Options;
}
