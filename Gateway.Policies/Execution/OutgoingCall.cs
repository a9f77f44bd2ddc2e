using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Execution;

/// <summary>A request that a policy sends besides the one that is forwarded. Made for one sending.</summary>
public sealed class OutgoingCall
{
    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Where it goes: absolute, http or https.</summary>
    public required Uri Url { get; init; }

    /// <summary>Its headers, those of its body too. <c>Host</c> is the one that the receiver sees.</summary>
    public IHeaderDictionary Headers { get; } = new HeaderDictionary();

    /// <summary>Its body; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>How long all of it may take, the answer's body included.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The way to the receiver.</summary>
    public ConnectionChoice Connection { get; set; }
}
