using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Access;

namespace Gateway.Policies.Pipelines;

/// <summary>
/// The policies in force for one operation, in the order they run: global, product, API and operation documents flattened, no
/// <c>base</c> left. Immutable, shared by all requests and by all operations with the same documents.
/// </summary>
public sealed class PolicyPipeline
{
    private readonly PolicyStep[] _inbound;
    private readonly PolicyStep[] _backend;
    private readonly PolicyStep[] _outbound;
    private readonly PolicyStep[] _onError;

    private PolicyPipeline(PolicyStep[] inbound, PolicyStep[] backend, PolicyStep[] outbound, PolicyStep[] onError)
    {
        _inbound = inbound;
        _backend = backend;
        _outbound = outbound;
        _onError = onError;
        Forward = [.. inbound, .. backend, .. outbound];
        AfterStore = inbound.Length + backend.Length + Array.FindIndex(outbound, step => step.StoresResponse) + 1;
        Cors = [.. inbound.Select(step => step.Policy).OfType<CorsPolicy>()];
    }

    /// <summary>The pipeline of the built-in global document.</summary>
    public static PolicyPipeline Default { get; } = OfGlobal(PolicyDocument.Default);

    /// <summary>The <c>cors</c> policies that stand in inbound itself, in the order they run: they answer preflight requests.</summary>
    public IReadOnlyList<CorsPolicy> Cors { get; }

    /// <summary>The steps of inbound, backend and outbound one after the other.</summary>
    internal PolicyStep[] Forward { get; }

    /// <summary>Where in <see cref="Forward"/> a request goes on for which a cached response was found: behind the step that keeps responses, else where outbound begins.</summary>
    internal int AfterStore { get; }

    /// <summary>The steps of one section in the order they run.</summary>
    public IReadOnlyList<PolicyStep> this[PolicySection section] => Steps(section);

    /// <summary>
    /// Flattens the documents of all scopes; null where a scope has none. Equal to <see cref="Extend"/> one after the other, which shares
    /// more when many operations have the same outer documents.
    /// </summary>
    public static PolicyPipeline Flatten(
        PolicyDocument? global, PolicyDocument? product, PolicyDocument? api, PolicyDocument? operation) =>
        OfGlobal(global).Extend(product).Extend(api).Extend(operation);

    /// <summary>The pipeline of a global document; of the built-in one when null.</summary>
    public static PolicyPipeline OfGlobal(PolicyDocument? document)
    {
        if (document is null)
        {
            return Default;
        }

        PolicyStep[] Section(PolicySection section)
        {
            var steps = (document.Has(section) ? document : PolicyDocument.Default)[section];
            return [.. steps.Before, .. steps.After];
        }

        return new(
            Section(PolicySection.Inbound), Section(PolicySection.Backend), Section(PolicySection.Outbound), Section(PolicySection.OnError));
    }

    /// <summary>
    /// This pipeline with a narrower document around it: its sections, with these steps where <c>base</c> stands. This very pipeline when
    /// there is no document or it changes nothing.
    /// </summary>
    public PolicyPipeline Extend(PolicyDocument? document)
    {
        if (document is null)
        {
            return this;
        }

        var inbound = Merge(_inbound, document[PolicySection.Inbound]);
        var backend = Merge(_backend, document[PolicySection.Backend]);
        var outbound = Merge(_outbound, document[PolicySection.Outbound]);
        var onError = Merge(_onError, document[PolicySection.OnError]);
        return inbound == _inbound && backend == _backend && outbound == _outbound && onError == _onError
            ? this
            : new(inbound, backend, outbound, onError);
    }

    /// <summary>
    /// Serves one request: inbound, backend, outbound, then the response is sent, streamed from the backend or from
    /// <see cref="PolicyContext.ResponseBody"/>. Every failure is answered here and stands in <see cref="PolicyContext.LastError"/>
    /// afterwards; the exchange with the backend is ended on every path.
    /// </summary>
    public ValueTask ExecuteAsync(PolicyContext context) => PipelineRun.ExecuteAsync(this, context);

    /// <summary>
    /// Answers a request that failed before its pipeline began, e.g. without a valid key: only on-error runs.
    /// </summary>
    public ValueTask FailAsync(PolicyContext context, PolicyException failure) =>
        PipelineRun.FailAsync(this, context, failure, default);

    /// <summary>Answers a preflight request by <see cref="Cors"/>, and by nothing else of the pipeline but on-error when that fails.</summary>
    public ValueTask AnswerPreflightAsync(PolicyContext context) => PipelineRun.AnswerPreflightAsync(this, context);

    internal PolicyStep[] Steps(PolicySection section) => section switch
    {
        PolicySection.Inbound => _inbound,
        PolicySection.Backend => _backend,
        PolicySection.Outbound => _outbound,
        PolicySection.OnError => _onError,
        _ => throw new ArgumentOutOfRangeException(nameof(section)),
    };

    /// <summary>Where a step of <see cref="Forward"/> stands; default behind the last one.</summary>
    internal StepPosition Position(int i)
    {
        foreach (var section in new[] { PolicySection.Inbound, PolicySection.Backend, PolicySection.Outbound })
        {
            var steps = Steps(section);
            if (i < steps.Length)
            {
                return new(steps, i, section);
            }

            i -= steps.Length;
        }

        return default;
    }

    private static PolicyStep[] Merge(PolicyStep[] inherited, SectionSteps own)
    {
        if (!own.HasBase)
        {
            return [.. own.Before];
        }

        if (own.Before.Count == 0 && own.After.Count == 0)
        {
            return inherited;
        }

        // A request is forwarded once: the narrowest document says how.
        var forwards = own.Before.Concat(own.After).Any(step => step.Forwards);
        return [.. own.Before, .. forwards ? inherited.Where(step => !step.Forwards) : inherited, .. own.After];
    }
}
