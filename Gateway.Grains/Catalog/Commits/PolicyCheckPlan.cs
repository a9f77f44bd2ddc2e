using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds.NamedValues;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Grains.Catalog.PolicyChecks;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>
/// Finds the policy documents whose meaning a change set changes: those it writes, and those that use a named value it
/// changes. Takes their verdicts in, and names the ones that still lack one.
/// </summary>
internal sealed class PolicyCheckPlan(CatalogDraft draft, DraftNames names, IReadOnlyDictionary<string, PolicyVerdict> verdicts)
{
    /// <summary>Characters of documents that one round of checks carries, about.</summary>
    private const int MaximumRound = 8 * 1024 * 1024;

    private readonly Dictionary<string, NamedValueText?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, PolicyToCheck> _toCheck = new(StringComparer.Ordinal);
    private int _length;

    /// <summary>The documents to check next; empty when the draft's errors and references are complete.</summary>
    public IReadOnlyCollection<PolicyToCheck> Run()
    {
        foreach (var entry in draft.Touched.Values)
        {
            if (entry.Content is { Kind: PolicyKind kind } content && VerdictOn(kind, content.Properties) is { } verdict)
            {
                TakeIn(entry, content, verdict);
            }
        }

        foreach (var (id, index) in Affected())
        {
            if (VerdictOn((PolicyKind)draft.State.Find(id)!.Kind!, draft.PropertiesOf(id)!) is { } verdict)
            {
                foreach (var error in verdict.Errors)
                {
                    draft.Errors.Add(error with { Index = index, Message = $"The policy '{id}' would no longer be correct. {error.Message}" });
                }
            }
        }

        return _toCheck.Values;
    }

    private void TakeIn(DraftEntry entry, DraftContent content, PolicyVerdict verdict)
    {
        foreach (var error in verdict.Errors)
        {
            draft.Errors.Add(error with { Index = entry.Index });
        }

        if (verdict.Errors.Length == 0)
        {
            content.References = [.. CatalogEntry.PolicyReferences(verdict).Select(CatalogEntry.PolicyReference)];
        }
    }

    /// <summary>Untouched documents that use a named value whose text changes, with the change to blame.</summary>
    private Dictionary<string, int> Affected()
    {
        var affected = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in draft.Touched.Values)
        {
            var before = draft.State.Find(entry.Id) is { Kind: NamedValueKind } committed ? committed.Names : [];
            var after = entry.Content is { Kind: NamedValueKind } content ? content.Names.Select(name => name.Name) : [];
            foreach (var name in before.Union(after).Where(IsTextChanged))
            {
                foreach (var policy in draft.State.ReferrersOf(name).Where(id => !draft.Touched.ContainsKey(id)))
                {
                    affected.TryAdd(policy, entry.Index);
                }
            }
        }

        return affected;
    }

    /// <summary>A name that goes away is not reported here: the reference to it is.</summary>
    private bool IsTextChanged(string name)
    {
        if (names.HolderOf(name) is not { } holder)
        {
            return false;
        }

        var committed = draft.State.HolderOf(name);
        return committed is null || draft.CommittedPropertiesOf(committed)?["value"]?.GetValue<string>() != draft.PropertiesOf(holder)?["value"]?.GetValue<string>();
    }

    private PolicyVerdict? VerdictOn(PolicyKind kind, JsonObject properties)
    {
        var text = properties["value"]!.GetValue<string>();
        NamedValueText[] values = [.. NamedValueNames.In(text).Select(ValueOf).OfType<NamedValueText>()];
        var isRaw = properties["format"]?.GetValue<string>() == "rawxml";
        var key = KeyOf(kind.Scope, text, isRaw, values);
        if (verdicts.TryGetValue(key, out var verdict))
        {
            return verdict;
        }

        if (_length < MaximumRound && _toCheck.TryAdd(key, new PolicyToCheck { Key = key, Text = text, IsRaw = isRaw, Scope = kind.Scope, NamedValues = values }))
        {
            _length += text.Length;
        }

        return null;
    }

    private NamedValueText? ValueOf(string name)
    {
        if (!_values.TryGetValue(name, out var value))
        {
            var properties = names.HolderOf(NamedValueKind.UniqueName(name)) is { } holder ? draft.PropertiesOf(holder) : null;
            _values[name] = value = properties is null
                ? null
                : new NamedValueText(name, properties["value"]!.GetValue<string>(), properties["secret"]?.GetValue<bool>() ?? false);
        }

        return value;
    }

    private static string KeyOf(PolicyScope scope, string text, bool isRaw, NamedValueText[] values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append(string part)
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        Append(scope.ToString());
        Append(text);
        Append(isRaw ? "raw" : "");
        foreach (var value in values)
        {
            Append(value.Name.ToLowerInvariant());
            Append(value.Value);
            Append(value.IsSecret ? "secret" : "");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
