namespace Gateway.Policies.Expressions;

/// <summary>The bodies that an expression may read. They are in memory before it runs, since expressions do not wait.</summary>
[Flags]
public enum BodyUse
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The request's.</summary>
    Request = 1,

    /// <summary>The response's.</summary>
    Response = 2,
}
