namespace Gateway.Policies.Expressions.Programs;

/// <summary>How a member may be used.</summary>
[Flags]
internal enum AllowedUse
{
    /// <summary>By expressions and compiled code alike.</summary>
    Plain = 0,

    /// <summary>Only through the member of the runtime that stands in for it; compiled code may not have the plain one.</summary>
    Guarded = 1,

    /// <summary>Replaced like a guarded one, but compilers also use the plain one on their own.</summary>
    Replaced = 2,

    /// <summary>Followed by a look at clock and memory.</summary>
    Looked = 4,

    /// <summary>By compiled code only.</summary>
    CompilersOnly = 8,

    /// <summary>With type arguments only that JSON can safely become.</summary>
    JsonTypes = 16,
}

/// <summary>One entry of the list.</summary>
/// <param name="Use">How.</param>
/// <param name="Parameters">The types of the parameters, when one overload is meant; null for all.</param>
internal sealed record AllowedMember(AllowedUse Use, string? Parameters);
