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
    private const int MaximumSeconds = 86_400;

    private static readonly (string, ForwardHttpVersion)[] s_versions =
        [("1", ForwardHttpVersion.Http1), ("2or1", ForwardHttpVersion.Http2OrHttp1), ("2", ForwardHttpVersion.Http2)];

    private PolicySetting<int>? _seconds;
    private PolicySetting<int>? _milliseconds;
    private PolicySetting<int>? _continueSeconds;
    private PolicySetting<bool>? _buffers;
    private ForwardOptions? _fixed;
    private bool _isRepeated;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "forward-request",
        Sections = PolicySection.Backend,
        OncePerBranch = true,
    };

    /// <summary><c>http-version</c> towards the backend: <c>1</c>, <c>2or1</c> or <c>2</c>; by default what fits the request.</summary>
    /// <remarks>
    /// <c>timeout</c> in seconds (1 to 86 400) or <c>timeout-ms</c> in milliseconds (1 to 86 400 000), not both: how long to wait for
    /// the answer's headers; 300 seconds by default. <c>continue-timeout</c> in seconds (1 to 86 400): how long the backend may take to ask for a body that the
    /// client announced with <c>Expect: 100-continue</c>; 1 by default. <c>buffer-request-body</c>: keep the body so that it can be sent again; within <c>retry</c>
    /// it always is. <c>buffer-response</c> is accepted; answers are always streamed. All may be expressions.
    /// </remarks>
    public ForwardHttpVersion HttpVersion { get; init; }

    /// <summary><c>fail-on-error-status-code</c>: an answer of 400 to 599 leads to on-error; it stays the answer unless on-error makes another. May be an expression.</summary>
    public PolicySetting<bool> FailOnErrorStatusCode { get; init; }

    /// <summary><c>follow-redirects</c>: go where an answer of 301, 302, 303, 307 or 308 says, up to ten times; false by default. May be an expression.</summary>
    public PolicySetting<bool> FollowRedirects { get; init; }

    /// <inheritdoc/>
    public static ForwardRequestPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var seconds = read.IntegerSetting("timeout", 1, MaximumSeconds);
        var milliseconds = read.IntegerSetting("timeout-ms", 1, MaximumSeconds * 1000);
        if (read.Has("timeout") && read.Has("timeout-ms"))
        {
            read.Error("timeout-ms", "The attributes 'timeout' and 'timeout-ms' exclude each other.");
        }

        var follows = read.BooleanSetting("follow-redirects") ?? new(false);
        read.BooleanSetting("buffer-response");
        var policy = new ForwardRequestPolicy
        {
            FailOnErrorStatusCode = read.BooleanSetting("fail-on-error-status-code") ?? new(false),
            FollowRedirects = follows,
            HttpVersion = read.Choice("http-version", ForwardHttpVersion.Default, s_versions),
            _seconds = seconds,
            _milliseconds = milliseconds,
            _continueSeconds = read.IntegerSetting("continue-timeout", 1, MaximumSeconds),
            _buffers = read.BooleanSetting("buffer-request-body"),
            _isRepeated = parsing.IsRepeated || !follows.IsLiteral || follows.Literal,
        };
        read.End();
        policy._fixed = policy.IsFixed ? policy.MakeOptions(null!) : null;
        return policy;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var options = _fixed ?? MakeOptions(context);
        var follows = FollowRedirects.For(context);
        var fails = FailOnErrorStatusCode.For(context);
        if (context.Exchange is { } earlier)
        {
            context.Exchange = null;
            context.ResponseBody = null;
            await earlier.DiscardAsync();
            await earlier.DisposeAsync();
        }

        context.HasForwarded = true;
        context.Caching?.NoteOwnHeaders();
        context.Exchange = await context.ForwardAsync(options);
        if (follows && RedirectFollower.IsRedirect(context))
        {
            await RedirectFollower.FollowAsync(context, options);
        }

        var status = context.Http.Response.StatusCode;
        if (fails && status is >= 400 and <= 599)
        {
            var message = $"The backend answered with status {status}.";
            throw new PolicyException(
                new LastError { Source = Descriptor.Name, Reason = "BackendErrorStatusCode", Message = message }, status, message)
            {
                KeepsResponse = true,
            };
        }
    }

    private bool IsFixed => _seconds is null or { IsLiteral: true } && _milliseconds is null or { IsLiteral: true }
        && _continueSeconds is null or { IsLiteral: true } && _buffers is null or { IsLiteral: true };

    private ForwardOptions MakeOptions(PolicyContext context) => new(
        _seconds is { } seconds ? TimeSpan.FromSeconds(seconds.For(context))
        : _milliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds.For(context))
        : null,
        _isRepeated || (_buffers?.For(context) ?? false))
    {
        HttpVersion = HttpVersion,
        ContinueTimeout = _continueSeconds is { } wait ? TimeSpan.FromSeconds(wait.For(context)) : null,
    };
}
