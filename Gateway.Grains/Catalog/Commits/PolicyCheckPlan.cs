using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds.NamedValues;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Catalog.Kinds.PolicyFragments;
using Gateway.Grains.Catalog.PolicyChecks;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>
/// Finds the policy documents whose meaning a change set changes: those it writes, and those that use a named value or a fragment that it
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
    /// <param name="all">True: the change set changes nothing, and every stored document is looked at.</param>
    public IReadOnlyCollection<PolicyToCheck> Run(bool all)
    {
        foreach (var entry in draft.Touched.Values)
        {
            if (entry.Content is { Kind: PolicyDocumentKind kind } content && VerdictOn(kind, content.Properties) is { } verdict)
            {
                TakeIn(entry, content, verdict);
            }
        }

        foreach (var (id, index) in all ? draft.State.Documents.ToDictionary(id => id, _ => 0, StringComparer.Ordinal) : Affected())
        {
            if (VerdictOn((PolicyDocumentKind)draft.State.Find(id)!.Kind!, draft.PropertiesOf(id)!) is { } verdict)
            {
                foreach (var error in verdict.Errors)
                {
                    draft.Errors.Add(error with { Index = all ? null : index, Message = $"The policy '{id}' {(all ? "is not" : "would no longer be")} correct. {error.Message}" });
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

        // Fragments that do not exist are among the errors; what else does not is told with them.
        content.References = verdict.Errors.Length == 0
            ? CatalogEntry.PolicyReferences(verdict)
            : [.. CatalogEntry.PolicyReferences(verdict).Where(reference => !reference.Target.StartsWith("/policyFragments/", StringComparison.Ordinal))];
    }

    /// <summary>Untouched documents whose meaning changes with a named value or a fragment, with the change to blame.</summary>
    private Dictionary<string, int> Affected()
    {
        var affected = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in draft.Touched.Values)
        {
            foreach (var policy in ChangedBy(entry).SelectMany(DocumentsWith).Where(id => !draft.Touched.ContainsKey(id)))
            {
                affected.TryAdd(policy, entry.Index);
            }
        }

        return affected;
    }

    /// <summary>The names and paths that mean another text after a change.</summary>
    private IEnumerable<string> ChangedBy(DraftEntry entry)
    {
        if (entry.Content is { Kind: PolicyFragmentKind })
        {
            return [entry.Id];
        }

        var before = draft.State.Find(entry.Id) is { Kind: NamedValueKind } committed ? committed.Names : [];
        var after = entry.Content is { Kind: NamedValueKind } content ? content.Names.Select(name => name.Name) : [];
        return before.Union(after).Where(IsTextChanged);
    }

    /// <summary>The documents that refer to a target, themselves or by a fragment that they include.</summary>
    private IEnumerable<string> DocumentsWith(string target)
    {
        foreach (var referrer in draft.State.ReferrersOf(target).Where(id => draft.State.Find(id)!.Kind is PolicyDocumentKind))
        {
            yield return referrer;
            if (draft.State.Find(referrer)!.Kind is PolicyFragmentKind)
            {
                foreach (var document in draft.State.ReferrersOf(referrer))
                {
                    yield return document;
                }
            }
        }
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

    private PolicyVerdict? VerdictOn(PolicyDocumentKind kind, JsonObject properties)
    {
        var (text, isRaw) = TextOf(properties);
        NamedFragment[] fragments = kind is PolicyFragmentKind ? [] : [.. FragmentNames.In(text, name => ValueOf(name)?.Value).Select(FragmentOf).OfType<NamedFragment>()];
        NamedValueText[] values = [.. NamedValueNames.In(string.Join('\n', fragments.Select(fragment => fragment.Text).Prepend(text))).Select(ValueOf).OfType<NamedValueText>()];
        var policy = new PolicyToCheck
        {
            Key = "",
            Text = text,
            IsRaw = isRaw,
            Scope = (kind as PolicyKind)?.Scope ?? PolicyScope.Global,
            IsFragment = kind is PolicyFragmentKind,
            NamedValues = values,
            Fragments = fragments,
        };
        var key = KeyOf(policy);
        if (verdicts.TryGetValue(key, out var verdict))
        {
            return verdict;
        }

        if (_length < MaximumRound && _toCheck.TryAdd(key, policy with { Key = key }))
        {
            _length += text.Length + fragments.Sum(fragment => fragment.Text.Length);
        }

        return null;
    }

    private static (string Text, bool IsRaw) TextOf(JsonObject properties) =>
        (properties["value"]!.GetValue<string>(), properties["format"]?.GetValue<string>() == "rawxml");

    private NamedFragment? FragmentOf(string id)
    {
        if (draft.PropertiesOf($"/policyFragments/{id}") is not { } properties)
        {
            return null;
        }

        var (text, isRaw) = TextOf(properties);
        return new NamedFragment(id, text, isRaw);
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

    private static string KeyOf(PolicyToCheck policy)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append(string part)
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        Append(policy.IsFragment ? "fragment" : policy.Scope.ToString());
        Append(policy.Text);
        Append(policy.IsRaw ? "raw" : "");
        Append($"{policy.Fragments.Length}");
        foreach (var fragment in policy.Fragments)
        {
            Append(fragment.Id);
            Append(fragment.Text);
            Append(fragment.IsRaw ? "raw" : "");
        }

        foreach (var value in policy.NamedValues)
        {
            Append(value.Name.ToLowerInvariant());
            Append(value.Value);
            Append(value.IsSecret ? "secret" : "");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
