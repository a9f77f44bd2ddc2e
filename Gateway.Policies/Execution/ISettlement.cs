namespace Gateway.Policies.Execution;

/// <summary>Something that is settled when a request is through, e.g. what it counts for.</summary>
internal interface ISettlement
{
    /// <summary>Settles it. The response cannot be changed any more; an exception is logged.</summary>
    void Settle(PolicyContext context);
}
