namespace Gateway.Policies.Policies.Validation;

/// <summary>What becomes of a request or response that is not as it is defined.</summary>
public enum ValidationAction
{
    /// <summary>Nothing: it is not even looked at.</summary>
    Ignore,

    /// <summary>It is refused.</summary>
    Prevent,

    /// <summary>It passes, and a variable says what is wrong.</summary>
    Detect,
}
