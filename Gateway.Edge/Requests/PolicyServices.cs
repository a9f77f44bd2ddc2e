using Gateway.Edge.Calls;
using Gateway.Edge.Certificates;
using Gateway.Edge.Identity;
using Gateway.Edge.Loggers;
using Gateway.Edge.Telemetry;
using Gateway.Policies.Caching;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Requests;

/// <summary>What policies need besides backends and limits.</summary>
internal sealed record PolicyServices(CallSender Calls, OneWayCalls OneWayCalls, TokenSource Tokens, IValueCache Cache, IResponseCache Responses, IRefills Refills, PolicyTraces Traces, PolicyMetrics Metrics, LogQueue Loggers,
    GivenCertificates Certificates, TokenTrust Trust);
