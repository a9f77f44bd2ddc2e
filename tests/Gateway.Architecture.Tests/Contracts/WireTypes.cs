using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Gateway.Architecture.Tests.Contracts;

/// <summary>The types that leave a process: through grain calls, or as JSON in publications and in the store.</summary>
internal static class WireTypes
{
    private static readonly Assembly[] _ours = [Assembly.Load("Gateway.Contracts"), Assembly.Load("Gateway.Grains")];

    /// <summary>Interfaces of grains, ours only.</summary>
    public static IReadOnlyList<Type> Grains { get; } =
        [.. Written().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable))).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    /// <summary>Types that Orleans serialises.</summary>
    public static IReadOnlyList<Type> Records { get; } =
        [.. Written().Where(type => type.IsDefined(typeof(GenerateSerializerAttribute))).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    /// <summary>Types that are written as JSON: those that a source-generated context names, and what they hold.</summary>
    public static IReadOnlyList<Type> Documents { get; } = [.. JsonTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)];

    /// <summary>The properties of a type that its serialiser must carry.</summary>
    public static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod is not null && property.GetMethod?.GetParameters().Length == 0);

    /// <summary>A type's name as C# writes it, without namespaces.</summary>
    public static string Name(Type type)
    {
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        var name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    /// <summary>All of our types inside a type: itself, its elements and its type arguments.</summary>
    public static IEnumerable<Type> Ours(Type type)
    {
        var parts = type.IsArray ? [type.GetElementType()!] : type.IsGenericType ? type.GetGenericArguments() : Type.EmptyTypes;
        var inner = parts.Where(part => !part.IsGenericParameter).SelectMany(Ours);
        return !type.IsArray && _ours.Contains(type.Assembly) ? inner.Append(type.IsGenericType ? type.GetGenericTypeDefinition() : type) : inner;
    }

    private static IEnumerable<Type> Written() =>
        _ours.SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.FullName!.StartsWith("OrleansCodeGen", StringComparison.Ordinal));

    private static HashSet<Type> JsonTypes()
    {
        var roots = from context in Written()
                    where context.IsAssignableTo(typeof(JsonSerializerContext))
                    from attribute in context.GetCustomAttributesData()
                    where attribute.AttributeType == typeof(JsonSerializableAttribute)
                    select (Type)attribute.ConstructorArguments[0].Value!;

        var found = new HashSet<Type>();
        var open = new Queue<Type>(roots.SelectMany(Ours));
        while (open.TryDequeue(out var type))
        {
            if (found.Add(type))
            {
                Members(type).SelectMany(property => Ours(property.PropertyType)).ToList().ForEach(open.Enqueue);
            }
        }

        return found;
    }
}
