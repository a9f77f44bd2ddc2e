namespace Gateway.Policies.Execution;

/// <summary>Whether a limit lets a request pass.</summary>
public enum LimitVerdict
{
    /// <summary>It passes, and is counted.</summary>
    Admitted,

    /// <summary>The limit is reached.</summary>
    Exceeded,

    /// <summary>Nobody who knows answered in time.</summary>
    Undecided,
}

/// <summary>A limit's word on one request.</summary>
public readonly record struct LimitDecision
{
    /// <summary>Whether it passes.</summary>
    public LimitVerdict Verdict { get; init; }

    /// <summary>What is left of the limit after this request; 0 unless it passes.</summary>
    public long Remaining { get; init; }

    /// <summary>Whole seconds, 1 and up, after which another try can pass, never less than that takes; 0 when it passes.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>What was taken; null unless it passes.</summary>
    public LimitGrant? Grant { get; init; }
}

/// <summary>The slice of a limit's allowance that a token was taken from.</summary>
public abstract class LimitGrant
{
    /// <summary>Gives one token back that a request took and will not use.</summary>
    public abstract void GiveBack();
}

/// <summary>The tokens that one request has taken; nearly always one or two.</summary>
public struct LimitGrants
{
    private LimitGrant? _first;
    private List<LimitGrant>? _more;

    /// <summary>How many.</summary>
    public readonly int Count => _first is null ? 0 : 1 + (_more?.Count ?? 0);

    /// <summary>One of them, in the order they were taken.</summary>
    public readonly LimitGrant this[int index] => index == 0 ? _first! : _more![index - 1];

    /// <summary>Notes one more.</summary>
    public void Add(LimitGrant grant)
    {
        if (_first is null)
        {
            _first = grant;
        }
        else
        {
            (_more ??= []).Add(grant);
        }
    }

    /// <summary>Gives all back: a later limit denies the request.</summary>
    public void GiveBack()
    {
        _first?.GiveBack();
        _more?.ForEach(grant => grant.GiveBack());
        _first = null;
        _more = null;
    }
}
