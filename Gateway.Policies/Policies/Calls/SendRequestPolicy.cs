using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Calls;

/// <summary>
/// Sends a request of its own, waits for the answer and keeps it in a variable, where expressions find it:
/// <c>((IResponse)context.Variables["x"]).Body.As&lt;JObject&gt;()</c>. An answer of any status is an answer. It is in memory as a whole, up to the bound of
/// bodies that expressions read. Redirects are not followed.
/// <para>Its children say what is sent: <c>set-url</c> (required for mode <c>new</c>), <c>set-method</c> (<c>GET</c> by default), <c>set-header</c> (any
/// number), <c>set-body</c>, <c>authentication-basic</c>, <c>authentication-certificate</c>, <c>authentication-managed-identity</c> and <c>proxy</c>. All may hold expressions.</para>
/// </summary>
public sealed class SendRequestPolicy : IPolicy<SendRequestPolicy>
{
    private CallTemplate _call = null!;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "send-request" };

    /// <summary><c>response-variable-name</c>: the variable that the answer is kept in; required.</summary>
    public required string Variable { get; init; }

    /// <summary>
    /// <c>ignore-error</c>: true goes on when there is no answer, with null in the variable; false, the default, fails the request.
    /// </summary>
    /// <remarks>
    /// <c>mode</c>: <c>new</c> (default) begins with an empty request; <c>copy</c> with the method, the headers and the body of the one that is served, and its
    /// URL when there is no <c>set-url</c>; in outbound and on-error without the body. <c>timeout</c>: 1 to 3 600 seconds for all of it, 60 by default; may be an expression.
    /// </remarks>
    public bool IgnoreError { get; init; }

    /// <inheritdoc/>
    public static SendRequestPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var variable = read.Required("response-variable-name");
        var ignores = read.Boolean("ignore-error", false);
        var call = CallTemplate.Parse(element, read, parsing);
        read.End();
        return variable is null ? null : new() { Variable = variable, IgnoreError = ignores, _call = call };
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        CallResponse? answer = null;
        try
        {
            var call = await _call.ResolveAsync(context);
            answer = await context.WaitForAsync(context.CallAsync(call, context.Unneeded));
        }
        catch (BackendFailedException e) when (IgnoreError && e.Failure is not (BackendFailure.ClientAborted or BackendFailure.Loop))
        {
            // The variable says so.
        }

        context.Variables[Variable] = answer;
    }
}
