using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Calls;

namespace Gateway.Policies.Policies.Authentication;

/// <summary>
/// Sets <c>Authorization: Basic</c> of the request that is forwarded; in <c>send-request</c> and <c>send-one-way-request</c> of that request.
/// </summary>
public sealed class AuthenticationBasicPolicy : IPolicy<AuthenticationBasicPolicy>, ICallPart
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "authentication-basic", Sections = PolicySection.Inbound };

    /// <summary><c>username</c>: without a colon; required. May be an expression.</summary>
    public required PolicySetting<string> User { get; init; }

    /// <summary><c>password</c>: required, may be empty. May be an expression.</summary>
    public required PolicySetting<string> Password { get; init; }

    /// <inheritdoc/>
    public static AuthenticationBasicPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var user = read.RequiredSetting("username", text => text.Contains(':') ? "The attribute 'username' must not hold a colon." : null);
        if (!read.Has("password"))
        {
            read.Error("password", "The attribute 'password' is missing.");
        }

        var password = read.TextSetting("password");
        read.End();
        return user is { } name && password is { } secret ? new() { User = name, Password = secret } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        context.Http.Request.Headers.Authorization = Resolve(context);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    ValueTask ICallPart.ApplyAsync(PolicyContext context, OutgoingCall call)
    {
        call.Headers.Authorization = Resolve(context);
        return ValueTask.CompletedTask;
    }

    private string Resolve(PolicyContext context) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User.For(context)}:{Password.For(context)}"))}";
}
