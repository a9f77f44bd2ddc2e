using System.Collections.Frozen;

namespace Gateway.Policies.Expressions.Programs;

/// <summary>
/// The types and members that expressions may use, read from <c>Allowed.txt</c>. The compiler explains with it what it refuses; the gate,
/// which looks at compiled code, decides by it.
/// </summary>
internal sealed class AllowList
{
    /// <summary>What expressions see as <c>context</c>: all of it is theirs.</summary>
    public const string ApiNamespace = "Gateway.Policies.Expressions.Api";

    /// <summary>What only rewritten code calls.</summary>
    public const string RuntimeNamespace = "Gateway.Policies.Expressions.Runtime";

    private const string Marks = "!^~#$";

    private readonly FrozenDictionary<string, Dictionary<string, List<AllowedMember>>> _types;

    private readonly HashSet<string> _compilers = new(StringComparer.Ordinal);

    private AllowList(IEnumerable<string> lines)
    {
        var types = new Dictionary<string, Dictionary<string, List<AllowedMember>>>(StringComparer.Ordinal);
        Dictionary<string, List<AllowedMember>> members = [];
        foreach (var line in lines.Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal)))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line[0] != ' ')
            {
                var type = words[0].Trim('#', ':');
                types.Add(type, members = new(StringComparer.Ordinal));
                _ = words[0][0] == '#' && _compilers.Add(type);
                words = words[1..];
            }

            Array.ForEach(words, word => Add(members, word));
        }

        _types = types.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The list.</summary>
    public static AllowList Instance { get; } = new(Read());

    /// <summary>The names of all types, those of the API excepted.</summary>
    public IEnumerable<string> Types => _types.Keys;

    /// <summary>The members of a type that are named in the list, with their uses.</summary>
    public IEnumerable<(string Member, AllowedMember Allowed)> Members(string type) =>
        _types[type].SelectMany(member => member.Value.Select(allowed => (member.Key, allowed)));

    /// <summary>True for a type that expressions may have values of.</summary>
    /// <param name="type">Namespace and name as in metadata: <c>System.Func`1</c>, nested ones behind <c>+</c>.</param>
    public bool HasType(string type) => IsApi(type) || (_types.ContainsKey(type) && !_compilers.Contains(type));

    /// <summary>True for a type that compiled code may name.</summary>
    public bool Names(string type) => IsApi(type) || IsRuntime(type) || _types.ContainsKey(type);

    /// <summary>True for a type that belongs to what expressions see as <c>context</c>.</summary>
    public static bool IsApi(string type) => type.StartsWith($"{ApiNamespace}.", StringComparison.Ordinal);

    /// <summary>True for a type that rewritten code calls.</summary>
    public static bool IsRuntime(string type) => type.StartsWith($"{RuntimeNamespace}.", StringComparison.Ordinal);

    /// <summary>How a member may be used; null when it may not.</summary>
    /// <param name="type">The type that declares it.</param>
    /// <param name="member">Its name in metadata: <c>.ctor</c>, <c>get_Length</c>.</param>
    /// <param name="parameters">The types of its parameters, joined by commas.</param>
    public AllowedUse? Find(string type, string member, string parameters)
    {
        if (IsApi(type))
        {
            return AllowedUse.Plain;
        }

        if (!_types.TryGetValue(type, out var members))
        {
            return null;
        }

        var name = Name(member);
        var listed = members.GetValueOrDefault(name) ?? members.GetValueOrDefault("*") ?? [];
        var exact = listed.Find(entry => entry.Parameters == parameters);
        if (exact is null && IsGiven(name, parameters) && !(name == "ToString" && HasLongText(type)))
        {
            return AllowedUse.Plain;
        }

        return (exact ?? listed.Find(entry => entry.Parameters is null))?.Use;
    }

    /// <summary>What every type has.</summary>
    private static bool IsGiven(string name, string parameters) =>
        (name, parameters) is ("ToString" or "GetHashCode", "") or ("Equals" or "CompareTo", _) || name.StartsWith("op_", StringComparison.Ordinal);

    /// <summary>True for the types whose plain <c>ToString()</c> has to be charged too, as it can be long.</summary>
    private static bool HasLongText(string type) => type is "Newtonsoft.Json.Linq.JToken" or "System.Xml.Linq.XNode";

    private static string Name(string member) =>
        member == ".ctor" ? "new"
        : member.StartsWith("get_", StringComparison.Ordinal) ? member[4..]
        : member.StartsWith("set_", StringComparison.Ordinal) ? $"{member[4..]}="
        : member;

    private static void Add(Dictionary<string, List<AllowedMember>> members, string word)
    {
        var name = word.TrimStart(Marks.ToCharArray());
        var use = word[..^name.Length].Aggregate(AllowedUse.Plain, (use, mark) => use | (AllowedUse)(1 << Marks.IndexOf(mark, StringComparison.Ordinal)));
        var open = name.IndexOf('(', StringComparison.Ordinal);
        var parameters = open < 0 ? null : name[(open + 1)..^1];
        name = open < 0 ? name : name[..open];
        if (!members.TryGetValue(name, out var entries))
        {
            members.Add(name, entries = []);
        }

        entries.Add(new(use, parameters));
    }

    private static IEnumerable<string> Read()
    {
        using var text = new StreamReader(typeof(AllowList).Assembly.GetManifestResourceStream("Gateway.Policies.Expressions.Programs.Allowed.txt")!);
        while (text.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
