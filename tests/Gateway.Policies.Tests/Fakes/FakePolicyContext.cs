using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Caching;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>A request whose backend is <see cref="FakeBackend"/>.</summary>
internal sealed class FakePolicyContext : PolicyContext
{
    public FakeBackend FakeBackend { get; } = new();

    public Dictionary<string, BackendInfo> Backends { get; } = [];

    public Dictionary<string, string> MatchedParameters { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<string> QueryNames { get; } = [];

    public List<Exception> Failures { get; } = [];

    public FakeCalls Calls { get; } = new();

    public FakeCache FakeCache { get; } = new();

    public override TimeProvider Time => TimeProvider.System;

    public override IValueCache Cache => FakeCache;

    public FakeResponses FakeResponses { get; init; } = new();

    public override IResponseCache Responses => FakeResponses;

    public FakeRefills FakeRefills { get; } = new();

    public override IRefills Refills => FakeRefills;

    public double Random { get; set; } = 0.5;

    public override double NextRandom() => Random;

    public override X509Certificate2 LoadCertificate(byte[] pfx, string? password) => X509CertificateLoader.LoadPkcs12(pfx, password);

    public List<(string Logger, string Message, string? Partition)> Logged { get; } = [];

    public override void Log(LoggerInfo logger, ReadOnlyMemory<byte> message, string? partition) =>
        Logged.Add((logger.Id, System.Text.Encoding.UTF8.GetString(message.Span), partition));

    public List<TraceMessage> Traces { get; } = [];

    public override void Trace(in TraceMessage message) => Traces.Add(message);

    public List<(string Metric, double Value, KeyValuePair<string, object?>[] Tags)> Measured { get; } = [];

    public override void Measure(string metric, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Measured.Add((metric, value, tags.ToArray()));

    public List<ResponseExample> Examples { get; } = [];

    public override IReadOnlyList<ResponseExample> ResponseExamples => Examples;

    public override ValueTask<CallResponse> CallAsync(OutgoingCall call, CancellationToken cancellationToken) => Calls.SendAsync(call, cancellationToken);

    public override void CallOneWay(OutgoingCall call) => Calls.OneWay.Add(call);

    public override ValueTask<string> GetTokenAsync(string resource, string? clientId) => Calls.GetTokenAsync(resource, clientId);

    public override DateTimeOffset Timestamp { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override TimeSpan Elapsed => TimeSpan.FromMilliseconds(7);

    public override DeploymentInfo Deployment => new("managed", "installation", "service", "node-1") { CertificatesById = Certificates };

    public override string OriginalPath => Http.Request.Path.ToUriComponent();

    public override string OriginalQuery => Http.Request.QueryString.ToUriComponent();

    public override string? SubscriptionKey => Key;

    public string? Key { get; set; }

    public override int BodyLimit => Limit;

    public int Limit { get; set; } = 1000;

    public override TokenTrust Tokens => Trust;

    public FakeTrust Trust { get; } = new() { Validated = new(64), EntraAuthority = "https://entra.example" };

    public override IReadOnlyList<string> TemplateParameterNames => [.. MatchedParameters.Keys];

    public override IReadOnlyList<string> TemplateQueryNames => QueryNames;

    public override bool TryGetMatchedParameter(string name, [NotNullWhen(true)] out string? value) =>
        MatchedParameters.TryGetValue(name, out value);

    public Dictionary<string, ApiInfo> Apis { get; } = [];

    public override ApiInfo? FindApi(string id) => Apis.GetValueOrDefault(id);

    public override BackendInfo? FindBackend(string id) => Backends.GetValueOrDefault(id);

    public Dictionary<string, X509Certificate2> Certificates { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, LoggerInfo> Loggers { get; } = [];

    public Dictionary<string, SchemaInfo> Schemas { get; } = [];

    public override X509Certificate2? FindCertificate(string id) => Certificates.GetValueOrDefault(id);

    public override X509Certificate2? FindCertificateByThumbprint(string thumbprint) =>
        Certificates.Values.FirstOrDefault(certificate => certificate.Thumbprint.Equals(thumbprint, StringComparison.OrdinalIgnoreCase));

    public override LoggerInfo? FindLogger(string id) => Loggers.GetValueOrDefault(id);

    public override SchemaInfo? FindSchema(string id) => Schemas.GetValueOrDefault(id);

    public override void OnFailure(Exception exception) => Failures.Add(exception);

    public override ValueTask<IBackendExchange> ForwardAsync(ForwardOptions options) => FakeBackend.ForwardAsync(this, options);

    /// <summary>The words of limits, one request after the other; the last one stays. Without any, everything passes.</summary>
    public Queue<LimitDecision> LimitWords { get; } = new();

    public List<(LimitRule Rule, string? Key)> Taken { get; } = [];

    public List<(long Count, bool IsEstimate)> Amounts { get; } = [];

    public override async ValueTask<LimitDecision> TakeAsync(LimitRule rule, string? key, long count = 1, bool isEstimate = false)
    {
        Taken.Add((rule, key));
        Amounts.Add((count, isEstimate));
        if (LimitsAnswerLater)
        {
            await Task.Yield();
        }

        return LimitWords.Count > 1 ? LimitWords.Dequeue()
            : LimitWords.TryPeek(out var word) ? word
            : new() { Verdict = LimitVerdict.Admitted, Remaining = rule.Calls - count, Grant = isEstimate ? Reserve() : new FakeGrant() };
    }

    public List<FakeReservation> Reservations { get; } = [];

    private FakeReservation Reserve()
    {
        Reservations.Add(new());
        return Reservations[^1];
    }

    public List<Exception> SettlementFailures { get; } = [];

    public override void OnSettlementFailure(Exception exception) => SettlementFailures.Add(exception);

    public bool IsFull { get; set; }

    public List<string> Places { get; } = [];

    public override bool TryEnter(string key, int most)
    {
        Places.Add($"enter {key} {most}");
        return !IsFull;
    }

    public override void Leave(string key) => Places.Add($"leave {key}");

    /// <summary>The word of the site on requests that want a place.</summary>
    public LimitVerdict SiteVerdict { get; set; }

    public override ValueTask<PlaceDecision> EnterSiteAsync(string key, int most)
    {
        Places.Add($"enter site {key} {most}");
        return new(new PlaceDecision(SiteVerdict, SiteVerdict == LimitVerdict.Admitted ? new FakePlace(this, key) : null));
    }

    private sealed class FakePlace(FakePolicyContext context, string key) : ILimitPlace
    {
        public void Leave() => context.Places.Add($"leave site {key}");
    }

    /// <summary>True: limits have to ask.</summary>
    public bool LimitsAnswerLater { get; set; }

    /// <summary>A call of an operation by a subscriber through a product.</summary>
    public FakePolicyContext Called(string? subscription = "s", string api = "api", string operation = "get", string product = "p")
    {
        Subscription = subscription is null ? null : new(subscription, subscription, default);
        Api = new(api, $"{api} name", api, "1", "http://api");
        Operation = new(operation, $"{operation} name", "GET", "/");
        Product = new(product, product, true, false, true);
        return this;
    }

    public void Match(ApiInfo? api, OperationInfo? operation = null, ProductInfo? product = null, SubscriptionInfo? subscription = null) =>
        (Api, Operation, Product, Subscription) = (api, operation, product, subscription);

    public static FakePolicyContext Create(string method = "GET")
    {
        var response = new FakeResponse();
        var http = new DefaultHttpContext();
        http.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpResponseFeature>(response);
        http.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature>(response);
        http.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpRequestLifetimeFeature>(response);
        http.Request.Method = method;
        return new FakePolicyContext { Http = http };
    }

    public FakeResponse Sent => (FakeResponse)Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseFeature>()!;
}
