using Gateway.Edge.Calls;
using Gateway.Edge.Identity;
using Gateway.Edge.Telemetry;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Requests;

/// <summary>What policies need besides backends and limits.</summary>
internal sealed record PolicyServices(CallSender Calls, OneWayCalls OneWayCalls, TokenSource Tokens, IValueCache Cache, PolicyTraces Traces, PolicyMetrics Metrics, TokenTrust Trust);
