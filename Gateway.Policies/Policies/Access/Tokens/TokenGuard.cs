using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>Judges the token of a request. Allocates nothing for one that was found good before.</summary>
/// <param name="policy">The policy's name, for errors.</param>
/// <param name="place">Where the token stands.</param>
/// <param name="rules">What it must have.</param>
/// <param name="answer">What becomes of the request.</param>
internal sealed class TokenGuard(string policy, TokenPlace place, TokenRules rules, TokenAnswer answer)
{
    private readonly TokenCheck _check = new(policy, rules);

    /// <summary>Lets the request pass.</summary>
    /// <exception cref="PolicyException">It is refused.</exception>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var token = place.Of(context);
        if (token.IsEmpty)
        {
            throw answer.Refuse(context, policy, TokenFault.NotPresent);
        }

        if (_check.Recall(context, token) is { } known)
        {
            answer.Accept(context, known);
            return ValueTask.CompletedTask;
        }

        // So that no long text is copied only to be refused.
        return token.Length > TokenCheck.LongestToken
            ? throw answer.Refuse(context, policy, TokenFault.TooLong)
            : ValidateAsync(context, token.ToString());
    }

    private async ValueTask ValidateAsync(PolicyContext context, string token)
    {
        var (content, fault) = await _check.ValidateAsync(context, token);
        answer.Accept(context, content ?? throw answer.Refuse(context, policy, fault!));
    }
}
