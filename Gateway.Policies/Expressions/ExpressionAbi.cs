namespace Gateway.Policies.Expressions;

/// <summary>
/// The number of the API that expressions are compiled against: everything public in <c>Gateway.Policies.Expressions.Api</c> and
/// <c>Gateway.Policies.Expressions.Runtime</c>, kept in an approved text file. It grows by one with every change of that file.
/// </summary>
public static class ExpressionAbi
{
    /// <summary>The number of this version.</summary>
    public const int Current = 1;

    /// <summary>The numbers that this version runs programs of, newest first: its own, and older ones as long as nothing of theirs was taken away.</summary>
    public static IReadOnlyList<int> Runs { get; } = [Current];
}
