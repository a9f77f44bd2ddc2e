using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Caching;

/// <summary>
/// Sets a variable to a cached value. When there is none, the policies in its <c>value</c> run, which set the variable, and what they set is kept. When it is old, one
/// request runs them to make it new, while others go on with the old one. That they fail is no failure as long as there is an old value or a default.
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
        var found = await CacheSettings.FindAsync(context, Type, key, Name);
        if (found.IsHit)
        {
            context.Variables[Variable] = found.Value;
            // The mark that a value is new goes before the value does. Who finds none makes the next, and says first that it does.
            if (await context.WaitForAsync(context.Cache.FindAsync(Type, MarkOf(key))) is not null)
            {
                return;
            }
        }

        var (life, young) = (ExpiresAfter.For(context), RefreshAfter?.For(context));
        if (found.IsHit)
        {
            Mark(context, key, young ?? life);
        }

        await MakeAsync(context, key, life, young, found);
    }

    private static string MarkOf(string key) => $"{key}\u0000new";

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

    private void Mark(PolicyContext context, string key, int seconds) =>
        context.Cache.Store(Type, MarkOf(key), new byte[] { 0 }, TimeSpan.FromSeconds(Math.Max(1, seconds)));

    private async ValueTask MakeAsync(PolicyContext context, string key, int life, int? young, CacheSettings.Found old)
    {
        try
        {
            await Steps.ExecuteAsync(context);
        }
        catch (Exception e) when ((old.IsHit || Default is not null) && e is PolicyException or BackendFailedException { Failure: not BackendFailure.ClientAborted })
        {
            context.Variables[Variable] = old.IsHit ? old.Value : Default!.Value.For(context);
            return;
        }

        if (context.IsCompleted)
        {
            return;
        }

        if (!context.Variables.TryGetValue(Variable, out var value))
        {
            throw new PolicyException(
                new LastError { Source = Name, Reason = "ValueNotSet", Message = "The policies in 'value' do not set the variable." },
                StatusCodes.Status500InternalServerError,
                "Internal server error");
        }

        context.Cache.Store(Type, key, CacheSettings.Write(context, value, Name), TimeSpan.FromSeconds(life));
        Mark(context, key, young ?? life);
    }
}
