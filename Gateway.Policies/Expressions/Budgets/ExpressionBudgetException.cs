namespace Gateway.Policies.Expressions.Budgets;

/// <summary>The expressions of a request have used up what they may use. An expression cannot go on by catching it.</summary>
internal sealed class ExpressionBudgetException(string message) : Exception(message);
