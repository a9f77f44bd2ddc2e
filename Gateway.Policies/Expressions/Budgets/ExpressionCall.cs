using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Expressions.Budgets;

/// <summary>The one way to run an expression: whoever holds a delegate of <see cref="IExpressionSlots.Bind{T}"/> calls it through here.</summary>
public static class ExpressionCall
{
    /// <summary>
    /// Runs an expression of a policy on the budget of its request and returns its value. Whatever it throws, a wrong type and a used up
    /// budget too, ends as a <see cref="PolicyException"/> with status 500 and the reason <c>ExpressionValueEvaluationFailure</c>.
    /// </summary>
    /// <param name="expression">The delegate that <see cref="IExpressionSlots.Bind{T}"/> gave.</param>
    /// <param name="context">What the expression sees.</param>
    /// <param name="budget">That of the request: the same object for all of its expressions, which run one at a time.</param>
    /// <param name="policy">The name of the policy that asks, for <c>LastError.Source</c>.</param>
    /// <exception cref="PolicyException">The expression failed.</exception>
    public static T Run<T>(Func<IExpressionContext, T> expression, IExpressionContext context, ExpressionBudget budget, string policy)
    {
        Budget.Begin(budget);
        try
        {
            return expression(context);
        }
        catch (Exception exception) when (exception is not PolicyException)
        {
            throw Failure(exception, policy);
        }
        finally
        {
            Budget.End();
        }
    }

    private static PolicyException Failure(Exception exception, string policy) => new(
        new LastError { Source = policy, Reason = "ExpressionValueEvaluationFailure", Message = $"Expression evaluation failed. {exception.Message}" },
        500,
        "Internal server error",
        exception);
}
