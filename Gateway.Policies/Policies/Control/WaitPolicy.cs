using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;

namespace Gateway.Policies.Policies.Control;

/// <summary>
/// Runs the policies in it side by side and goes on when all are through, or the first is: the others then end without effect. What they do within the gateway
/// they do one after the other; what <c>send-request</c> and <c>cache-lookup-value</c> wait for, they wait for at the same time.
/// </summary>
public sealed class WaitPolicy : IPolicy<WaitPolicy>
{
    private static readonly (string, bool)[] s_modes = [("all", false), ("any", true)];

    private PolicyStep[] _steps = [];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "wait",
        Sections = PolicySection.Inbound | PolicySection.Backend | PolicySection.Outbound,
    };

    /// <summary><c>for</c>: <c>all</c> (default) or <c>any</c>.</summary>
    /// <remarks>Its children are any number of <c>send-request</c>, <c>cache-lookup-value</c> and <c>choose</c>. Within, there may be no further <c>wait</c>.</remarks>
    public bool ForAny { get; init; }

    /// <inheritdoc/>
    public static WaitPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var any = read.Choice("for", false, s_modes);
        if (parsing.IsWaiting)
        {
            parsing.Diagnostics.Error(element, "A 'wait' may not stand in another.");
        }

        var outer = parsing.IsWaiting;
        parsing.IsWaiting = true;
        var steps = new List<PolicyStep>();
        foreach (var child in read.AllChildren())
        {
            if (child.Name is not ("send-request" or "cache-lookup-value" or "choose"))
            {
                parsing.Diagnostics.Error(child, $"The element '{child.Name}' may not stand in 'wait', only send-request, cache-lookup-value or choose.");
            }
            else if (StepParser.Parse(child, parsing) is { } step)
            {
                steps.Add(step);
            }
        }

        parsing.IsWaiting = outer;
        read.End();
        return new() { ForAny = any, _steps = [.. steps] };
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        if (_steps.Length == 0)
        {
            return;
        }

        var trails = new FailureTrail?[_steps.Length];
        using var unneeded = new CancellationTokenSource();
        using var turns = new Turns(unneeded.Token);
        context.Turns = turns;
        try
        {
            Task[] running = [.. Enumerable.Range(0, _steps.Length).Select(i => turns.RunAsync(() => RunAsync(context, i, trails)).AsTask())];
            await (ForAny ? EndOthersAsync(running, unneeded) : Task.WhenAll(running));
        }
        catch (Exception e) when (context.Recall(Array.Find(trails, trail => ReferenceEquals(trail?.Failure, e))))
        {
            throw;
        }
        finally
        {
            context.Turns = null;
        }
    }

    /// <summary>Several may fail, and each has its own way here.</summary>
    private async ValueTask RunAsync(PolicyContext context, int i, FailureTrail?[] trails)
    {
        try
        {
            await _steps[i].ExecuteAsync(context);
        }
        catch (Exception e) when (context.Note(e, _steps[i].Name, i + 1, _steps[i]))
        {
            throw;
        }
        catch (Exception e)
        {
            trails[i] = context.TrailOf(e);
            throw;
        }
    }

    /// <summary>All have ended when this does: they work on the same request.</summary>
    private static async Task EndOthersAsync(Task[] running, CancellationTokenSource unneeded)
    {
        var first = await Task.WhenAny(running);
        await unneeded.CancelAsync();
        foreach (var other in running)
        {
            // What became of the others does not matter, and cancellation is what was asked for.
            await other.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await first;
    }
}
