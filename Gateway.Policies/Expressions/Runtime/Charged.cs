using System.Collections;
using System.Text;
using System.Xml.Linq;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>What the compiler puts behind values: charges for what has just been made.</summary>
public static class Charged
{
    /// <summary>Charges the length of a text.</summary>
    public static string? Made(this string? text)
    {
        Budget.Spend(1 + ((text?.Length ?? 0) >> 4));
        return text;
    }

    /// <summary>Charges the length of an array.</summary>
    public static T[]? Made<T>(this T[]? array)
    {
        Budget.Spend(1 + ((array?.Length ?? 0) >> 2));
        return array;
    }

    /// <summary>Looks at memory after a builder may have grown.</summary>
    public static StringBuilder? Made(this StringBuilder? builder)
    {
        Budget.Spend(16);
        return builder;
    }

    /// <summary>Looks at clock and memory after something costly.</summary>
    public static T Looked<T>(this T value)
    {
        Budget.Look();
        return value;
    }

    /// <summary>Charges each element of a sequence when it is asked for.</summary>
    public static IEnumerable<T>? Metered<T>(this IEnumerable<T>? items) => items is null ? null : new Metered<T>(items);

    /// <summary>Charges each element of a sequence when it is asked for.</summary>
    public static IOrderedEnumerable<T>? Metered<T>(this IOrderedEnumerable<T>? items) => items is null ? null : new MeteredOrder<T>(items);

    /// <summary>Charges what is put into JSON or XML, item by item.</summary>
    public static object? Content(object? content) =>
        content is IEnumerable items and not (string or JToken or XObject or byte[]) ? new MeteredContent(items) : content;

    /// <summary>Checks how deeply a new JSON value is nested.</summary>
    public static T Attached<T>(this T token)
        where T : class
    {
        switch (token)
        {
            case JToken json:
                TreeDepth.Check(json);
                break;
            case XNode node:
                TreeDepth.Check(node);
                break;
        }

        return token;
    }
}
