using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for <c>JsonConvert</c>.</summary>
public static class ChargedJsonConvert
{
    /// <summary><c>JsonConvert.SerializeObject(value)</c>.</summary>
    public static string SerializeObject(object? value, Formatting formatting = Formatting.None) => ChargedJson.Write(value, formatting);

    /// <summary><c>JsonConvert.DeserializeObject(json)</c>.</summary>
    public static object? DeserializeObject(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var token = ChargedJson.Read(value);
        return token is JValue plain ? plain.Value : token;
    }

    /// <summary><c>JsonConvert.DeserializeObject&lt;T&gt;(json)</c>.</summary>
    public static T? DeserializeObject<T>(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ChargedJson.Read<T>(value);
    }
}
