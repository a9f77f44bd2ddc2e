using System.Runtime.CompilerServices;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Pipelines;

/// <summary>
/// The steps inside another policy, e.g. those of a <c>when</c>. They run in place, one after the other, as those of a section do: nothing is
/// allocated while each completes synchronously, and none runs after the response was completed.
/// </summary>
/// <param name="name">The element that holds them, e.g. <c>when</c>; null when that is the policy itself.</param>
/// <param name="index">Its place among its siblings, from 1.</param>
/// <param name="steps">The steps in order.</param>
public sealed class StepSequence(string? name, int index, PolicyStep[] steps)
{
    /// <summary>The steps in order.</summary>
    public IReadOnlyList<PolicyStep> Steps => steps;

    /// <summary>Runs the steps.</summary>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var i = 0;
        try
        {
            for (; i < steps.Length && !context.SkipsSteps; i++)
            {
                var step = steps[i].ExecuteAsync(context);
                if (!step.IsCompletedSuccessfully)
                {
                    return ResumeAsync(context, step, i);
                }

                step.GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (Note(context, e, i))
        {
            throw;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Notes where a failure came from that is on its way to the pipeline: this element, as seen from the one around it.</summary>
    /// <returns>False, to stand in an exception filter.</returns>
    public bool Note(PolicyContext context, Exception failure) => name is not null && context.Note(failure, name, index, null);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ResumeAsync(PolicyContext context, ValueTask pending, int i)
    {
        try
        {
            await pending;
            for (i++; i < steps.Length && !context.SkipsSteps; i++)
            {
                await steps[i].ExecuteAsync(context);
            }
        }
        catch (Exception e) when (Note(context, e, i))
        {
            throw;
        }
    }

    private bool Note(PolicyContext context, Exception failure, int i) =>
        context.Note(failure, steps[i].Name, i + 1, steps[i]) || Note(context, failure);
}
