namespace Gateway.Policies.Expressions;

/// <summary>What an expression may read that has to be fetched: it is in memory before the expression runs, since expressions do not wait.</summary>
[Flags]
public enum BodyUse
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The request's body.</summary>
    Request = 1,

    /// <summary>The response's body.</summary>
    Response = 2,

    /// <summary>Whether the client's certificate was revoked.</summary>
    Revocation = 4,

    /// <summary>All of these.</summary>
    All = Request | Response | Revocation,
}
