using Gateway.Policies.Caching;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Caching;

/// <summary>
/// Sets a variable to a cached value. When there is none, the policies in its <c>value</c> run, which set the variable, and what they set is kept: one request over the whole site runs
/// them, and others wait for it a while. When it is old, one request runs them to make it new, while others go on with the old one. That they fail is no failure as long as there is an old value or a default.
/// </summary>
public sealed class CacheValuePolicy : IPolicy<CacheValuePolicy>
{
    private const string Name = "cache-value";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name };

    /// <summary><c>key</c>: 1 to 4 096 characters; all APIs share the keys; required. May be an expression.</summary>
    public required PolicySetting<string> Key { get; init; }

    /// <summary><c>variable-name</c>: required.</summary>
    public required string Variable { get; init; }

    /// <summary><c>expires-after</c>: how long a value is kept, in seconds, 1 and up; required. May be an expression.</summary>
    public required PolicySetting<int> ExpiresAfter { get; init; }

    /// <summary><c>refresh-after</c>: how long a value is new, in seconds; less than <c>expires-after</c>, which it is by default. May be an expression.</summary>
    public PolicySetting<int>? RefreshAfter { get; init; }

    /// <summary><c>default-value</c>: what the variable is set to when the policies fail and there is no value. May be an expression.</summary>
    public PolicySetting<object?>? Default { get; init; }

    /// <summary><c>caching-type</c>: <c>prefer-external</c> (default), <c>internal</c> or <c>external</c>.</summary>
    public CachingType Type { get; init; }

    /// <summary><c>value</c>: the policies that set the variable; required.</summary>
    public required StepSequence Steps { get; init; }

    /// <inheritdoc/>
    public static CacheValuePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (key, variable) = (read.ReadCacheKey(), read.Required("variable-name"));
        if (!read.Has("expires-after"))
        {
            read.Error("expires-after", "The attribute 'expires-after' is missing.");
        }

        var expires = read.IntegerSetting("expires-after", 1, CacheSettings.MaximumSeconds);
        var refresh = read.IntegerSetting("refresh-after", 0, CacheSettings.MaximumSeconds);
        if (expires is { IsLiteral: true, Literal: var end } && refresh is { IsLiteral: true, Literal: var soon } && soon >= end)
        {
            read.Error("refresh-after", "The attribute 'refresh-after' must be less than 'expires-after'.");
        }

        var (whenAbsent, type) = (read.ValueSetting("default-value"), read.ReadCachingType());
        var steps = ParseSteps(element, read, parsing);
        read.End();
        return key is { } name && variable is not null && expires is { } life && steps is not null
            ? new() { Key = name, Variable = variable, ExpiresAfter = life, RefreshAfter = refresh, Default = whenAbsent, Type = type, Steps = steps }
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var key = Key.For(context);
        var refilling = new Refilling(context, Type);
        while (true)
        {
            var found = await CacheSettings.FindAsync(context, Type, key, Name);
            if (found.IsHit)
            {
                context.Variables[Variable] = found.Value;
            }

            // The mark that a value is new goes before the value does.
            var isNew = found.IsHit && await context.WaitForAsync(context.Cache.FindAsync(Type, MarkOf(key))) is not null;
            var step = isNew ? RefillStep.UseOld : await refilling.NextAsync(RefillKeyOf(key), hasOld: found.IsHit);
            if (step == RefillStep.UseOld)
            {
                refilling.End(RefillOutcome.NotMade);
                return;
            }

            if (step == RefillStep.Make)
            {
                await MakeAsync(context, key, found, refilling);
                return;
            }
        }
    }

    private static string MarkOf(string key) => $"{key}\u0000new";

    private static ResponseKey RefillKeyOf(string key)
    {
        using var bytes = new PooledBytes(256);
        bytes.Add(Name);
        bytes.Add(key);
        return new(bytes.Written);
    }

    private static StepSequence? ParseSteps(PolicyElement element, ElementReader read, PolicyParsing parsing)
    {
        if (read.Child("value") is not { } child)
        {
            parsing.Diagnostics.Error(element, "The element 'cache-value' needs a 'value' with policies.");
            return null;
        }

        var value = parsing.Read(child);
        var steps = parsing.Steps(child, value, 1);
        value.End();
        return steps;
    }

    private Task<bool> Mark(PolicyContext context, string key, int seconds, TimeSpan age) =>
        context.Cache.Store(Type, MarkOf(key), new byte[] { 0 }, TimeSpan.FromSeconds(Math.Max(1, seconds)), age);

    /// <summary>Makes the value, and lets those that wait for it go on, whatever becomes of it.</summary>
    private async ValueTask MakeAsync(PolicyContext context, string key, CacheSettings.Found old, Refilling refilling)
    {
        Task<bool>? stored = null;
        try
        {
            var life = ExpiresAfter.For(context);
            var young = RefreshAfter?.For(context) ?? life;
            if (old.IsHit)
            {
                // Who fails leaves the old one alone for that time.
                _ = Mark(context, key, young, TimeSpan.Zero);
            }

            if (await TryMakeAsync(context, old))
            {
                var value = CacheSettings.Write(context, context.Variables[Variable], Name);
                stored = StoreAsync(context, key, value, life, young);
            }
        }
        finally
        {
            refilling.End(stored is null ? RefillOutcome.NotMade : RefillOutcome.Kept, stored);
        }
    }

    private async Task<bool> StoreAsync(PolicyContext context, string key, ReadOnlyMemory<byte> value, int life, int young)
    {
        var stored = context.Cache.Store(Type, key, value, TimeSpan.FromSeconds(life), context.Elapsed);
        return await Mark(context, key, young, context.Elapsed) & await stored;
    }

    /// <returns>False when there is nothing to keep: the old value or the default stands in, or the request has its response.</returns>
    private async ValueTask<bool> TryMakeAsync(PolicyContext context, CacheSettings.Found old)
    {
        try
        {
            await Steps.ExecuteAsync(context);
        }
        catch (Exception e) when ((old.IsHit || Default is not null) && e is PolicyException or BackendFailedException { Failure: not BackendFailure.ClientAborted })
        {
            context.Variables[Variable] = old.IsHit ? old.Value : Default!.Value.For(context);
            return false;
        }

        if (!context.IsCompleted && !context.Variables.ContainsKey(Variable))
        {
            throw new PolicyException(
                new LastError { Source = Name, Reason = "ValueNotSet", Message = "The policies in 'value' do not set the variable." },
                StatusCodes.Status500InternalServerError,
                "Internal server error");
        }

        return !context.IsCompleted;
    }
}
