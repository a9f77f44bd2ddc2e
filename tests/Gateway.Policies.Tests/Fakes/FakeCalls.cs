using System.Text;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>Answers calls of policies as told, and keeps what was sent.</summary>
internal sealed class FakeCalls
{
    public List<OutgoingCall> Sent { get; } = [];

    public List<OutgoingCall> OneWay { get; } = [];

    public List<(string Resource, string? ClientId)> Tokens { get; } = [];

    public BackendFailure? Failure { get; set; }

    public bool HasNoToken { get; set; }

    public string Body { get; set; } = "answer";

    public async ValueTask<CallResponse> SendAsync(OutgoingCall call, CancellationToken cancellationToken)
    {
        Sent.Add(call);
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return Failure is { } failure
            ? throw new BackendFailedException(failure, "no answer")
            : new CallResponse(200, null, new HeaderDictionary { ["X-Call"] = "yes" }, Encoding.UTF8.GetBytes(Body));
    }

    public ValueTask<string> GetTokenAsync(string resource, string? clientId)
    {
        Tokens.Add((resource, clientId));
        return HasNoToken ? throw new TokenException("no token") : new($"token-{resource}");
    }
}
