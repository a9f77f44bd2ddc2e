using System.Globalization;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Transformation;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Limits;

/// <summary>
/// How limits tell clients and later policies where they stand. The headers are set as soon as the limit has decided, so that they are on
/// every response, also that of an error and one made by a policy. A limit in shadow tells nobody.
/// </summary>
public sealed record LimitAnswer
{
    private const string DefaultRetryAfter = "Retry-After";

    /// <summary><c>retry-after-header-name</c>: the header of a refusal that holds the whole seconds to wait; <c>Retry-After</c> by default.</summary>
    public string RetryAfterHeader { get; init; } = DefaultRetryAfter;

    /// <summary><c>retry-after-variable-name</c>: the variable that gets the same number when the limit is exceeded; none by default.</summary>
    public string? RetryAfterVariable { get; init; }

    /// <summary><c>remaining-calls-header-name</c>: the header that holds the calls that are left; none by default.</summary>
    public string? RemainingHeader { get; init; }

    /// <summary><c>remaining-calls-variable-name</c>: the variable that gets the same number; none by default.</summary>
    public string? RemainingVariable { get; init; }

    /// <summary><c>total-calls-header-name</c>: the header that holds the limit itself; none by default.</summary>
    public string? TotalHeader { get; init; }

    /// <summary><c>rate-limit-headers</c>: <c>ietf</c> adds the fields <c>RateLimit-Policy</c> and <c>RateLimit</c>; <c>none</c> by default.</summary>
    public LimitFields? Fields { get; init; }

    internal static LimitAnswer Parse(ElementReader read) => new()
    {
        RetryAfterHeader = Header(read, "retry-after-header-name") ?? DefaultRetryAfter,
        RetryAfterVariable = Variable(read, "retry-after-variable-name"),
        RemainingHeader = Header(read, "remaining-calls-header-name"),
        RemainingVariable = Variable(read, "remaining-calls-variable-name"),
        TotalHeader = Header(read, "total-calls-header-name"),
        Fields = LimitFields.Parse(read),
    };

    /// <summary>Quotas have no names of headers and variables.</summary>
    internal static LimitAnswer ParseQuota(ElementReader read) => new() { Fields = LimitFields.Parse(read) };

    /// <summary>Tells of a request that passes.</summary>
    internal void Admit(PolicyContext context, in LimitDecision decision, LimitRule rule)
    {
        if (rule.IsShadow)
        {
            return;
        }

        if (RemainingHeader is not null || TotalHeader is not null)
        {
            SetHeaders(context.Http.Response.Headers, decision.Remaining, rule.Calls);
        }

        if (RemainingVariable is not null)
        {
            context.Variables[RemainingVariable] = (int)Math.Min(decision.Remaining, int.MaxValue);
        }

        Fields?.AddTo(context.Http.Response.Headers, decision, rule);
    }

    /// <summary>Tells of a request that does not pass, after its tokens of other limits were given back.</summary>
    internal PolicyException Refuse(PolicyContext context, LimitRule rule, in LimitDecision decision)
    {
        context.LimitGrants.GiveBack();
        var seconds = decision.RetryAfterSeconds;
        if (seconds > 0)
        {
            context.Http.Response.Headers[RetryAfterHeader] = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (decision.Verdict == LimitVerdict.Undecided)
        {
            return LimitRefusals.Undecided(rule.Policy);
        }

        Admit(context, decision, rule);
        if (RetryAfterVariable is not null)
        {
            context.Variables[RetryAfterVariable] = seconds;
        }

        return LimitRefusals.Exceeded(rule, seconds);
    }

    private static string? Header(ElementReader read, string attribute)
    {
        var name = read.Optional(attribute);
        if (name is not null && (!HeaderText.IsName(name) || HeaderText.IsOfConnection(name)))
        {
            read.Error(attribute, $"The attribute '{attribute}' must be the name of a header that policies may set.");
            return null;
        }

        return name;
    }

    private static string? Variable(ElementReader read, string attribute)
    {
        var name = read.Optional(attribute);
        if (name?.Length == 0)
        {
            read.Error(attribute, $"The attribute '{attribute}' must not be empty.");
            return null;
        }

        return name;
    }

    private void SetHeaders(IHeaderDictionary headers, long remaining, int total)
    {
        if (RemainingHeader is not null)
        {
            headers[RemainingHeader] = remaining.ToString(CultureInfo.InvariantCulture);
        }

        if (TotalHeader is not null)
        {
            headers[TotalHeader] = total.ToString(CultureInfo.InvariantCulture);
        }
    }
}
