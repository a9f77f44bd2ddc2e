using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Pipelines;

namespace Gateway.Policies.Policies.Control;

/// <summary>
/// Runs the policies of the first <c>when</c> whose condition is true, else those of <c>otherwise</c>, else none. Conditions are tried in
/// order, and none behind the first that is true.
/// </summary>
public sealed class ChoosePolicy : IPolicy<ChoosePolicy>
{
    private readonly Branch[] _branches;

    private ChoosePolicy(Branch[] branches) => _branches = branches;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "choose" };

    /// <summary><c>when</c>: at least one, each with policies; <c>condition</c>, an expression of true or false, is required.</summary>
    public IReadOnlyList<StepSequence> Branches => [.. _branches.Select(branch => branch.Steps)];

    /// <inheritdoc/>
    public static ChoosePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var branches = new List<Branch>();
        Branch? otherwise = null;
        // One of the branches runs, or none.
        var (before, after) = (parsing.Passed, parsing.Passed);
        for (var i = 0; i < element.Children.Count; i++)
        {
            var child = element.Children[i];
            if (child.Name == "when")
            {
                branches.Add(ParseWhen(child, i + 1, parsing));
            }
            else if (child.Name == "otherwise" && otherwise is null)
            {
                otherwise = ParseOtherwise(child, i + 1, parsing);
            }

            (parsing.Passed, after) = (before, after.Union(parsing.Passed));
        }

        parsing.Passed = after;
        read.Child("otherwise");
        if (!read.Children("when").Any())
        {
            parsing.Diagnostics.Error(element, "The element 'choose' needs at least one 'when'.");
        }

        read.End();
        return new(otherwise is { } last ? [.. branches, last] : [.. branches]);
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        foreach (ref readonly var branch in _branches.AsSpan())
        {
            if (branch.IsChosen(context))
            {
                return branch.Steps.ExecuteAsync(context);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static Branch ParseWhen(PolicyElement element, int index, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        if (element.Attribute("condition") is null)
        {
            read.Error("condition", "The attribute 'condition' is missing.");
        }

        var condition = read.BooleanSetting("condition") ?? default;
        var steps = parsing.Steps(element, read, index);
        read.End();
        return new(condition, steps);
    }

    private static Branch ParseOtherwise(PolicyElement element, int index, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var steps = parsing.Steps(element, read, index);
        read.End();
        return new(new(true), steps);
    }

    /// <summary>Policies, and when they run.</summary>
    private readonly record struct Branch(PolicySetting<bool> Condition, StepSequence Steps)
    {
        public bool IsChosen(PolicyContext context)
        {
            try
            {
                return Condition.For(context);
            }
            catch (Exception e) when (Steps.Note(context, e))
            {
                throw;
            }
        }
    }
}
