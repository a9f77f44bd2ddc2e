namespace Gateway.Policies.Execution;

/// <summary>A place among the requests that may run at the same time over the whole site. A request whose place is lost is aborted.</summary>
public interface ILimitPlace
{
    /// <summary>The request is through.</summary>
    void Leave();
}

/// <summary>The word on a request that wants a place.</summary>
/// <param name="Verdict">Whether it has one.</param>
/// <param name="Place">The place, which has to be left; null unless it has one.</param>
public readonly record struct PlaceDecision(LimitVerdict Verdict, ILimitPlace? Place);
