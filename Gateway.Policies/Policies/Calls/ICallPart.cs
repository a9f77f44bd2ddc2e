using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Calls;

/// <summary>A policy that may stand in a call and then changes the call's request instead of the one that is forwarded.</summary>
internal interface ICallPart
{
    /// <summary>Changes the call.</summary>
    ValueTask ApplyAsync(PolicyContext context, OutgoingCall call);
}
