using System.Reflection;
using System.Text;
using Gateway.Policies.Expressions;

namespace Gateway.Architecture.Tests.Expressions;

/// <summary>Everything that compiled expressions bind to, as text.</summary>
internal static class ExpressionContract
{
    private static readonly string[] _namespaces = ["Gateway.Policies.Expressions.Api", "Gateway.Policies.Expressions.Runtime"];

    public static string Describe()
    {
        var text = new StringBuilder($"abi {ExpressionAbi.Current}\n");
        foreach (var type in typeof(ExpressionAbi).Assembly.GetExportedTypes().Where(type => _namespaces.Contains(type.Namespace)).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append('\n').Append(Kind(type)).Append(' ').Append(type.FullName).Append(Bases(type)).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetConstructors(Public).Select(constructor => $"new{Parameters(constructor)}")
            .Concat(type.GetMethods(Public).Select(method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Generics(method)}{Parameters(method)}"))
            .Concat(type.GetFields(Public).Select(field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}"));
    }

    private static string Parameters(MethodBase method) =>
        $"({string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "null"}" : "")}"))})";

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Bases(Type type)
    {
        var bases = type.GetInterfaces().Append(type.BaseType).OfType<Type>().Where(other => other != typeof(object) && other != typeof(ValueType)).Select(Name).Order(StringComparer.Ordinal);
        return string.Join(", ", bases) is { Length: > 0 } names ? $" : {names}" : "";
    }

    private static string Kind(Type type) => type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : "class";

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}{(type.IsByRef ? "&" : "[]")}";
        }

        var name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
