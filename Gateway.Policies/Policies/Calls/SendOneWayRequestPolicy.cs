using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Calls;

/// <summary>
/// Sends a request of its own and does not wait for the answer, which is dropped. It has the children and the attributes <c>mode</c> and <c>timeout</c> of
/// <c>send-request</c>. That it fails is logged and changes nothing.
/// </summary>
public sealed class SendOneWayRequestPolicy : IPolicy<SendOneWayRequestPolicy>
{
    private CallTemplate _call = null!;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "send-one-way-request" };

    /// <inheritdoc/>
    public static SendOneWayRequestPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var call = CallTemplate.Parse(element, read, parsing);
        read.End();
        return new() { _call = call };
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context) => context.CallOneWay(await _call.ResolveAsync(context));
}
