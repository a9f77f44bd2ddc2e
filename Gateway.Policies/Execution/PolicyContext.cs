using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Caching;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Budgets;
using Gateway.Policies.Expressions.Context;
using Gateway.Policies.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Execution;

/// <summary>
/// One request as policies see it. Request headers are changed on <see cref="Http"/>'s request (the forwarder copies them),
/// response headers on its response (the backend's are copied there before outbound runs).
/// </summary>
public abstract class PolicyContext
{
    private Dictionary<string, object?>? _variables;
    private Guid _requestId;
    private LimitGrants _limitGrants;
    private ExpressionContext? _expressions;
    private HostString? _originalHost;
    private string? _originalMethod;
    private FailureTrail? _trail;
    private List<ISettlement>? _settlements;
    private string[]? _shadowRefusals;
    private HashSet<(LimitKind Kind, int Period, DateTimeOffset? Start, string Key)>? _counted;
    private TransferCount? _transfer;

    /// <summary>The exchange with the client.</summary>
    public required HttpContext Http { get; init; }

    /// <summary>The matched API; null when none matched.</summary>
    public ApiInfo? Api { get; protected set; }

    /// <summary>The matched operation; null when none matched.</summary>
    public OperationInfo? Operation { get; protected set; }

    /// <summary>The product whose key was used, or the open product; null otherwise.</summary>
    public ProductInfo? Product { get; protected set; }

    /// <summary>The subscription of the key; null without a key.</summary>
    public SubscriptionInfo? Subscription { get; protected set; }

    /// <summary>Names this request in answers and logs; made on first use.</summary>
    public Guid RequestId => _requestId != Guid.Empty ? _requestId : _requestId = RequestIds.Next();

    /// <summary>When the request arrived.</summary>
    public abstract DateTimeOffset Timestamp { get; }

    /// <summary>The time since then.</summary>
    public abstract TimeSpan Elapsed { get; }

    /// <summary>The gateway that serves it.</summary>
    public abstract DeploymentInfo Deployment { get; }

    /// <summary>The clock.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>Values kept between requests.</summary>
    public abstract IValueCache Cache { get; }

    /// <summary>Responses kept between requests.</summary>
    public abstract IResponseCache Responses { get; }

    /// <summary>Who makes what is missing in caches.</summary>
    public abstract IRefills Refills { get; }

    /// <summary>What came of looking for a cached response.</summary>
    public CacheResult CacheResult => Caching?.Result ?? CacheResult.None;

    /// <summary>The bytes of the response that this request has left in a cache; 0 for none.</summary>
    public long CachedBytes => Caching?.KeptBytes ?? 0;

    /// <summary>What this request has to do with cached responses; null when it did not look for one.</summary>
    internal ResponseCaching? Caching { get; set; }

    /// <summary>The path that the client asked for, escaped.</summary>
    public abstract string OriginalPath { get; }

    /// <summary>The query that the client asked for, escaped, with its question mark, or empty. It may hold a key.</summary>
    public abstract string OriginalQuery { get; }

    /// <summary>The host that the client asked for, also after a policy set another for the backend.</summary>
    public HostString OriginalHost => _originalHost ?? Http.Request.Host;

    /// <summary>The method of the client, also after a policy set another for the backend.</summary>
    public string OriginalMethod => _originalMethod ?? Http.Request.Method;

    /// <summary>The key that the client presented; null without one.</summary>
    public abstract string? SubscriptionKey { get; }

    /// <summary>What the expressions of this request may use before its on-error section, and again in it.</summary>
    public virtual ExpressionLimits ExpressionLimits => ExpressionLimits.Default;

    /// <summary>The longest body, in bytes, that is read into memory for expressions.</summary>
    public abstract int BodyLimit { get; }

    /// <summary>What tokens are judged by.</summary>
    public abstract TokenTrust Tokens { get; }

    /// <summary>The names of the parameters in the matched operation's template, of its path and its query.</summary>
    public abstract IReadOnlyList<string> TemplateParameterNames { get; }

    /// <summary>
    /// The names of the query parameters in the matched operation's template, e.g. <c>a</c> in <c>/get?a={b}</c>; empty when it has none.
    /// </summary>
    public abstract IReadOnlyList<string> TemplateQueryNames { get; }

    /// <summary>Where the request goes when it is forwarded. Policies change it, the forwarder reads it.</summary>
    public BackendTarget Backend { get; } = new();

    /// <summary>The running exchange with the backend; null before the first forward and after a discard.</summary>
    public IBackendExchange? Exchange { get; set; }

    /// <summary>The error that led to the on-error section; null elsewhere.</summary>
    public LastError? LastError { get; set; }

    /// <summary>Set by a policy that has made the whole response: no further step of any section runs.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>
    /// True from the policy that found a cached response up to where the pipeline goes on with it, behind the policy that kept it: the steps between, and the rest of a policy that
    /// holds others, do not run.
    /// </summary>
    internal bool IsSkipping { get; set; }

    /// <summary>True when no further step of a policy that holds others runs.</summary>
    internal bool SkipsSteps => IsCompleted || IsSkipping;

    /// <summary>A body made by policy, written when the pipeline ends; null streams the backend's.</summary>
    public ReadOnlyMemory<byte>? ResponseBody { get; set; }

    /// <summary>Variables set by policies; made on first use.</summary>
    public Dictionary<string, object?> Variables => _variables ??= new(StringComparer.Ordinal);

    /// <summary>
    /// The request's body when it is in memory: one made by policy, or one that expressions read; null while it is still to come from the
    /// client. Empty when there is none.
    /// </summary>
    internal ReadOnlyMemory<byte>? RequestBody { get; set; }

    /// <summary>Who vouches for the client's certificate, once an expression may ask; null before, and without a certificate.</summary>
    internal CertificateChain? ClientChain { get; set; }

    /// <summary>True once the request was sent, or began to be sent: its body may be gone.</summary>
    internal bool HasForwarded { get; set; }

    /// <summary>What expressions see of this request; made on first use.</summary>
    internal ExpressionContext Expressions => _expressions ??= new(this);

    /// <summary>Gives the on-error section what expressions may use, anew.</summary>
    internal void RenewExpressionBudget() => _expressions?.RenewBudget();

    /// <summary>The value that the request has for a parameter of the matched operation's template.</summary>
    /// <param name="name">The parameter's name without braces, in any case; <c>*</c> for the nameless wildcard.</param>
    /// <param name="value">The value, <b>unescaped</b>; that of a wildcard holds its slashes, but none at its start.</param>
    /// <returns>False when the template has no such parameter.</returns>
    public abstract bool TryGetMatchedParameter(string name, [NotNullWhen(true)] out string? value);

    /// <summary>The API of that id in the publication of this request; null when there is none.</summary>
    public abstract ApiInfo? FindApi(string id);

    /// <summary>The backend resource of that id in the publication of this request; null when there is none.</summary>
    public abstract BackendInfo? FindBackend(string id);

    /// <summary>The certificate resource of that id in the publication of this request; null when there is none. Not to be disposed.</summary>
    public abstract X509Certificate2? FindCertificate(string id);

    /// <summary>The certificate with that SHA-1 thumbprint, 40 hex digits in any case, in the publication of this request; null when there is none.</summary>
    public abstract X509Certificate2? FindCertificateByThumbprint(string thumbprint);

    /// <summary>The logger resource of that id in the publication of this request; null when there is none.</summary>
    public abstract LoggerInfo? FindLogger(string id);

    /// <summary>The schema resource of that id in the publication of this request; null when there is none.</summary>
    public abstract SchemaInfo? FindSchema(string id);

    /// <summary>
    /// Told once per failure, before the on-error section runs; <see cref="LastError"/> is set. The place to log what is not expected:
    /// anything but <see cref="PolicyException"/> and <see cref="BackendFailedException"/>.
    /// </summary>
    public virtual void OnFailure(Exception exception)
    {
    }

    /// <summary>
    /// The tokens that the limits of this request have taken. A limit that denies the request gives them back; a refusal by any other policy does not.
    /// </summary>
    public ref LimitGrants LimitGrants => ref _limitGrants;

    /// <summary>Notes what a limit let this request take.</summary>
    internal void Took(in LimitDecision decision, long count)
    {
        if (decision.Grant is { } grant)
        {
            LimitGrants.Add(grant, count);
        }
    }

    /// <summary>True when this request has met a limit with the same key and the same periods before: it counts once.</summary>
    internal bool HasCounted(LimitRule rule, string key) => !(_counted ??= []).Add((rule.Kind, rule.PeriodSeconds, rule.FirstPeriodStart, key));

    /// <summary>The bytes of the bodies so far; 0 where nobody has asked to count.</summary>
    internal long BytesTransferred => _transfer?.Bytes ?? 0;

    /// <summary>Counts the bytes of both bodies from now on.</summary>
    internal void CountTransfer() => _transfer ??= new(Http);

    /// <summary>Lets this request into a place on this node, unless so many are there already.</summary>
    /// <param name="key">Names the place.</param>
    /// <param name="most">How many at the same time.</param>
    /// <returns>True when it is in: then it has to <see cref="Leave"/>.</returns>
    public abstract bool TryEnter(string key, int most);

    /// <summary>Leaves a place that it was let into.</summary>
    public abstract void Leave(string key);

    /// <summary>Lets this request into a place that all nodes of the site count together.</summary>
    /// <param name="key">Names the place.</param>
    /// <param name="most">How many at the same time.</param>
    /// <returns>Whether it is in: then it has to leave. Its client is cut off when the place is lost.</returns>
    public abstract ValueTask<PlaceDecision> EnterSiteAsync(string key, int most);

    /// <summary>Policies whose limits would have refused the request and are only in shadow; null for none.</summary>
    public IReadOnlyList<string>? ShadowRefusals => _shadowRefusals;

    /// <summary>A limit in shadow would have refused the request.</summary>
    public void NoteShadowRefusal(string policy)
    {
        // A limit may come to its word after the request has gone on.
        var seen = Volatile.Read(ref _shadowRefusals);
        while (Interlocked.CompareExchange(ref _shadowRefusals, [.. seen ?? [], policy], seen) is var before && before != seen)
        {
            seen = before;
        }
    }

    /// <summary>The bodies that are in memory before the response is sent, because what is settled after it asks for them.</summary>
    internal BodyUse BodiesAtTheEnd { get; private set; }

    /// <summary>The policy that asks for them.</summary>
    internal string ReaderAtTheEnd { get; private set; } = "";

    /// <summary>Something has to be settled once the response is through, whatever becomes of the request.</summary>
    /// <param name="settlement">What runs then, once.</param>
    /// <param name="bodies">The bodies that it reads.</param>
    /// <param name="policy">The policy's name, for errors.</param>
    internal void SettleAtTheEnd(ISettlement settlement, BodyUse bodies, string policy)
    {
        (_settlements ??= []).Add(settlement);
        if (bodies != BodyUse.None)
        {
            BodiesAtTheEnd |= bodies;
            ReaderAtTheEnd = policy;
        }
    }

    /// <summary>Settles what is to be settled at the end. Nothing of it reaches the client.</summary>
    internal void Settle()
    {
        if (_settlements is not { } settlements)
        {
            return;
        }

        _settlements = null;
        RenewExpressionBudget();
        foreach (var settlement in settlements)
        {
            try
            {
                settlement.Settle(this);
            }
            catch (Exception e)
            {
                OnSettlementFailure(e);
            }
        }
    }

    /// <summary>Told when what is settled after the response fails: it cannot be answered any more, only logged.</summary>
    public virtual void OnSettlementFailure(Exception exception)
    {
    }

    /// <summary>Notes where a failure came from, level by level from the innermost outwards.</summary>
    /// <returns>False, to stand in an exception filter.</returns>
    internal bool Note(Exception failure, string element, int index, PolicyStep? step)
    {
        var inner = TrailOf(failure);
        _trail = new(failure, $"{element}[{index}]{(inner is null ? "" : $"/{inner.Path}")}", inner?.Step ?? step);
        return false;
    }

    /// <summary>Goes back to what was noted of a failure before others happened.</summary>
    /// <returns>False, to stand in an exception filter.</returns>
    internal bool Recall(FailureTrail? trail)
    {
        _trail = trail ?? _trail;
        return false;
    }

    /// <summary>What was noted of a failure; null when it did not happen inside nested policies.</summary>
    internal FailureTrail? TrailOf(Exception failure) => ReferenceEquals(_trail?.Failure, failure) ? _trail : null;

    /// <summary>True when a policy asked the backend for its headers only, and the client for more.</summary>
    internal bool HasHeadersOnly => _originalMethod is not null && HttpMethods.IsHead(Http.Request.Method) && !HttpMethods.IsHead(_originalMethod);

    /// <summary>Sets the method with which the request is forwarded.</summary>
    internal void SetMethod(string method)
    {
        _originalMethod ??= Http.Request.Method;
        Http.Request.Method = method;
    }

    /// <summary>Keeps the host that the client asked for: a policy is about to set another.</summary>
    internal void KeepHost() => _originalHost ??= Http.Request.Host;

    /// <summary>Ends the pipeline: what stands in the response is the answer.</summary>
    public void Complete() => IsCompleted = true;

    /// <summary>A random number from 0 to 1, for jitter.</summary>
    public abstract double NextRandom();

    /// <summary>Sends a request of a policy and reads its whole answer, of any status.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends it early; the end of the client's connection does so, too.</param>
    /// <exception cref="BackendFailedException">No answer: refused, reset, timed out, aborted, a loop, or too long to be kept.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public abstract ValueTask<CallResponse> CallAsync(OutgoingCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a request of a policy whose answer nobody waits for. It goes on when the request ends that it came from; what becomes of it is counted
    /// and logged. When too many are under way it is dropped, which is counted and logged as well.
    /// </summary>
    public abstract void CallOneWay(OutgoingCall call);

    /// <summary>A token by which the gateway itself is known elsewhere. Completes synchronously while one is in hand.</summary>
    /// <param name="resource">Whom it is for, as the author wrote it.</param>
    /// <param name="clientId">As whom; null for the configured one.</param>
    /// <exception cref="TokenException">There is none.</exception>
    public abstract ValueTask<string> GetTokenAsync(string resource, string? clientId);

    /// <summary>The certificate, with its key, in the bytes of a .pfx file. Not to be disposed.</summary>
    /// <param name="pfx">The bytes.</param>
    /// <param name="password">The key's password; null for none.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They are none, or the password is wrong.</exception>
    public abstract X509Certificate2 LoadCertificate(byte[] pfx, string? password);

    /// <summary>Gives a logger a message. Nobody waits for it; it is dropped when the logger does not keep up.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="message">The message in UTF-8; not changed any more.</param>
    /// <param name="partition">What messages are kept together by; null for nothing.</param>
    public abstract void Log(LoggerInfo logger, ReadOnlyMemory<byte> message, string? partition);

    /// <summary>Tells operators something about this request: in the log, and as an event of the request's span.</summary>
    public abstract void Trace(in TraceMessage message);

    /// <summary>Adds a value to a metric of this node.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="value">The value; a finite number.</param>
    /// <param name="tags">Its dimensions.</param>
    public abstract void Measure(string metric, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>What the matched operation's documentation gives as examples of its responses, in its order.</summary>
    public abstract IReadOnlyList<ResponseExample> ResponseExamples { get; }

    /// <summary>Which of several policies that run side by side has its turn; null while one runs after the other.</summary>
    internal Turns? Turns { get; set; }

    /// <summary>Ends what a policy waits for outside of this process, when it need not be waited for any more.</summary>
    internal CancellationToken Unneeded => Turns?.Unneeded ?? CancellationToken.None;

    /// <summary>Waits for something outside of this process; policies beside this one, if any, have their turn meanwhile.</summary>
    internal ValueTask<T> WaitForAsync<T>(ValueTask<T> pending) =>
        Turns is { } turns && !pending.IsCompleted ? turns.PauseAsync(pending) : pending;

    /// <summary>Sends the request to <see cref="Backend"/> and returns when status and headers of the answer are here.</summary>
    /// <exception cref="BackendFailedException">No answer: refused, reset, timed out, aborted.</exception>
    public abstract ValueTask<IBackendExchange> ForwardAsync(ForwardOptions options);

    /// <summary>
    /// Takes tokens of a limit that all edges share. Completes synchronously, and allocates nothing, while this edge has tokens in hand or
    /// knows that none are left; else it waits for the silos, for a bounded time.
    /// </summary>
    /// <param name="rule">The limit.</param>
    /// <param name="key">Names the counter; null for that of the caller's subscription, which must be there.</param>
    /// <param name="count">How many, 1 and up: all of them or none. More than the limit is never let pass.</param>
    /// <param name="isEstimate">
    /// True when the request says at its end what it has used: the grant is a <see cref="LimitReservation"/>, which the caller settles.
    /// </param>
    public abstract ValueTask<LimitDecision> TakeAsync(LimitRule rule, string? key, long count = 1, bool isEstimate = false);
}
