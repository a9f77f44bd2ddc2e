namespace Gateway.Policies.Execution;

/// <summary>The slice of a limit's allowance that tokens were taken from.</summary>
public abstract class LimitGrant
{
    /// <summary>Gives tokens back that a request took and will not use.</summary>
    /// <param name="count">How many; no more than were taken.</param>
    public abstract void GiveBack(long count = 1);
}

/// <summary>Tokens set aside for a request whose cost is known only at its end.</summary>
public abstract class LimitReservation : LimitGrant
{
    /// <summary>
    /// Says what the request has used: what is less than was set aside is given back, what is more is charged at once, also beyond the limit. Only the
    /// first call counts, and giving back is one with 0.
    /// </summary>
    /// <param name="used">Calls; of a quota of bandwidth bytes.</param>
    public abstract void Settle(long used);
}

/// <summary>The tokens that one request has taken; nearly always from one grant or two.</summary>
public struct LimitGrants
{
    private (LimitGrant Grant, long Count) _first;
    private List<(LimitGrant Grant, long Count)>? _more;

    /// <summary>How many grants they come from.</summary>
    public readonly int Count => _first.Grant is null ? 0 : 1 + (_more?.Count ?? 0);

    /// <summary>One of the grants with the number of tokens taken, in the order they were taken.</summary>
    public readonly (LimitGrant Grant, long Count) this[int index] => index == 0 ? _first : _more![index - 1];

    /// <summary>Notes tokens of a grant.</summary>
    public void Add(LimitGrant grant, long count = 1)
    {
        if (_first.Grant is null)
        {
            _first = (grant, count);
        }
        else
        {
            (_more ??= []).Add((grant, count));
        }
    }

    /// <summary>Gives all back: a later limit denies the request.</summary>
    public void GiveBack()
    {
        for (var i = 0; i < Count; i++)
        {
            var (grant, count) = this[i];
            grant.GiveBack(count);
        }

        _first = default;
        _more = null;
    }
}
