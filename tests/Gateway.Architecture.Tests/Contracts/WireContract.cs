using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Orleans.Services;

namespace Gateway.Architecture.Tests.Contracts;

/// <summary>The wire contract as text: what other versions of this product rely on.</summary>
internal static class WireContract
{
    public static string Describe()
    {
        var text = new StringBuilder();
        var enums = new SortedDictionary<string, Type>(StringComparer.Ordinal);
        foreach (var grain in WireTypes.Grains)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"grain {Alias(grain)} ({WireTypes.Name(grain)}, {Key(grain)})");
            foreach (var method in grain.GetMethods().OrderBy(method => Alias(method), StringComparer.Ordinal))
            {
                var parameters = string.Join(", ", method.GetParameters().Select(parameter => WireTypes.Name(parameter.ParameterType)));
                text.AppendLine(CultureInfo.InvariantCulture, $"  {Alias(method)}({parameters}) -> {WireTypes.Name(method.ReturnType)}");
            }
        }

        foreach (var record in WireTypes.Records.OrderBy(type => Alias(type), StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"record {Alias(record)}");
            foreach (var member in WireTypes.Members(record).OrderBy(Id))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {Id(member)} {member.Name}: {WireTypes.Name(member.PropertyType)}");
                Note(member.PropertyType, enums);
            }
        }

        foreach (var document in WireTypes.Documents.Where(type => !type.IsEnum))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"json {WireTypes.Name(document)}");
            foreach (var member in WireTypes.Members(document).Where(member => !member.IsDefined(typeof(JsonIgnoreAttribute))).OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {JsonName(member)}: {WireTypes.Name(member.PropertyType)}");
                Note(member.PropertyType, enums);
            }
        }

        foreach (var type in enums.Values)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"enum {WireTypes.Name(type)}");
            foreach (var value in Enum.GetValues(type))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {Convert.ToInt64(value, CultureInfo.InvariantCulture)} {value}");
            }
        }

        return text.Replace("\r\n", "\n").ToString();
    }

    public static string? Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias;

    public static uint? Id(PropertyInfo property) => property.GetCustomAttribute<IdAttribute>()?.Id;

    private static string JsonName(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name;

    private static string Key(Type grain) =>
        WireTypes.Name(grain.GetInterfaces().First(type => type.Name.StartsWith("IGrainWith", StringComparison.Ordinal) || type == typeof(IGrainObserver) || type == typeof(IGrainService)));

    private static void Note(Type type, SortedDictionary<string, Type> enums)
    {
        foreach (var part in WireTypes.Ours(type).Where(part => part.IsEnum))
        {
            enums[part.Name] = part;
        }
    }
}
