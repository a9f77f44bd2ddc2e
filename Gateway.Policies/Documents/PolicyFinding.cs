namespace Gateway.Policies.Documents;

/// <summary>What kind of finding in a policy document it is.</summary>
public enum PolicyFinding
{
    /// <summary>The document is read, and says what it may not: an attribute, a value, a place.</summary>
    ValidationError,

    /// <summary>The text cannot be read.</summary>
    MalformedDocument,

    /// <summary>This version has no such policy.</summary>
    UnknownPolicy,

    /// <summary>An expression does not compile, or uses what expressions may not.</summary>
    BadExpression,

    /// <summary>Something that the document names does not exist.</summary>
    MissingReference,
}
