using Gateway.Contracts.Catalog;
using Gateway.PolicyCompiler;
using Orleans.Concurrency;

namespace Gateway.Grains.Catalog.PolicyChecks;

/// <inheritdoc cref="IPolicySpeller" />
[StatelessWorker]
internal sealed class PolicySpeller : Grain, IPolicySpeller
{
    /// <inheritdoc />
    public Task<string> Spell(string text, bool isRaw, bool asRaw) => Task.FromResult((isRaw, asRaw) switch
    {
        (true, true) => text,
        (false, true) => PolicySpelling.ToRaw(text),
        (_, false) => PolicySpelling.ToXml(text, isRaw),
    });
}
