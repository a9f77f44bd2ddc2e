using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for members of <see cref="JToken"/> that read, copy or attach.</summary>
public static class ChargedJToken
{
    /// <summary><c>JToken.Parse(json)</c>.</summary>
    public static JToken Parse(string json) => ChargedJson.Read(json);

    /// <summary><c>JToken.FromObject(value)</c>.</summary>
    public static JToken FromObject(object o) => ChargedJson.ToToken(o);

    /// <summary><c>token.ToObject&lt;T&gt;()</c>.</summary>
    public static T? ChargedToObject<T>(this JToken token) => ChargedJson.Convert<T>(token);

    /// <summary><c>token.SelectToken(path)</c>.</summary>
    public static JToken? ChargedSelectToken(this JToken token, string path, bool errorWhenNoMatch = false) =>
        token.SelectToken(JsonPath.Checked(path), JsonPath.Settings(errorWhenNoMatch)).Looked();

    /// <summary><c>token.SelectTokens(path)</c>.</summary>
    public static IEnumerable<JToken> ChargedSelectTokens(this JToken token, string path, bool errorWhenNoMatch = false) =>
        token.SelectTokens(JsonPath.Checked(path), JsonPath.Settings(errorWhenNoMatch)).Metered()!;

    /// <summary><c>token.Replace(value)</c>.</summary>
    public static void ChargedReplace(this JToken token, JToken value)
    {
        var parent = token.Parent;
        token.Replace(value);
        parent?.Attached();
    }

    /// <summary><c>token.AddAfterSelf(content)</c>.</summary>
    public static void ChargedAddAfterSelf(this JToken token, object? content)
    {
        token.AddAfterSelf(Charged.Content(content));
        token.Parent?.Attached();
    }

    /// <summary><c>token.AddBeforeSelf(content)</c>.</summary>
    public static void ChargedAddBeforeSelf(this JToken token, object? content)
    {
        token.AddBeforeSelf(Charged.Content(content));
        token.Parent?.Attached();
    }

    /// <summary><c>token[key] = value</c>.</summary>
    public static JToken? Set(JToken token, object key, JToken? value)
    {
        token[key] = value;
        return Under(token, value);
    }

    /// <summary>Checks what now stands under a token.</summary>
    internal static JToken? Under(JToken token, JToken? value)
    {
        // What was attached is a copy when it had a place already, and then stands last or where the key is: its parent is checked instead.
        (value?.Parent is { } parent && parent.Root == token.Root ? value : token).Attached();
        return value;
    }
}

/// <summary>Stands in for members of <see cref="JContainer"/>.</summary>
public static class ChargedJContainer
{
    /// <summary><c>container.Add(content)</c>.</summary>
    public static void ChargedAdd(this JContainer container, object? content)
    {
        container.Add(Charged.Content(content));
        (content is JToken && container.Last is { } last ? last : container).Attached();
    }

    /// <summary><c>container.AddFirst(content)</c>.</summary>
    public static void ChargedAddFirst(this JContainer container, object? content)
    {
        container.AddFirst(Charged.Content(content));
        (content is JToken && container.First is { } first ? first : container).Attached();
    }

    /// <summary><c>container.ReplaceAll(content)</c>.</summary>
    public static void ChargedReplaceAll(this JContainer container, object? content)
    {
        container.ReplaceAll(Charged.Content(content)!);
        container.Attached();
    }

    /// <summary><c>container.Merge(content)</c>.</summary>
    public static void ChargedMerge(this JContainer container, object? content, JsonMergeSettings? settings = null)
    {
        container.Merge(Charged.Content(content), settings);
        container.Attached().Looked();
    }
}

/// <summary>Stands in for making raw JSON.</summary>
public static class ChargedJRaw
{
    /// <summary><c>new JRaw(text)</c>. It would keep any object and ask it for its text: one of its own kind without end.</summary>
    public static JRaw New(object? rawJson) =>
        rawJson is null or string ? new(rawJson) : throw new ArgumentException("Raw JSON is made of a string.", nameof(rawJson));

    /// <summary><c>new JRaw(other)</c>.</summary>
    public static JRaw New(JRaw other) => new(other);
}

/// <summary>Stands in for members of <see cref="JObject"/>.</summary>
public static class ChargedJObject
{
    /// <summary><c>JObject.Parse(json)</c>.</summary>
    public static JObject Parse(string json) =>
        ChargedJson.Read(json) as JObject ?? throw new JsonReaderException("The text is JSON, but no object.");

    /// <summary><c>JObject.FromObject(value)</c>.</summary>
    public static JObject FromObject(object o) => ChargedJson.ToToken(o) as JObject ?? throw new ArgumentException("The value is no JSON object.", nameof(o));

    /// <summary><c>value.Add(name, token)</c>.</summary>
    public static void ChargedAdd(this JObject value, string propertyName, JToken? token)
    {
        value.Add(propertyName, token);
        (value.Last ?? value).Attached();
    }

    /// <summary><c>value[name] = token</c>.</summary>
    public static JToken? Set(JObject value, string propertyName, JToken? token)
    {
        value[propertyName] = token;
        value.Property(propertyName, StringComparison.Ordinal)?.Attached();
        return token;
    }

    /// <summary><c>value[key] = token</c>.</summary>
    public static JToken? Set(JObject value, object key, JToken? token) => ChargedJToken.Set(value, key, token);
}

/// <summary>Stands in for members of <see cref="JArray"/>.</summary>
public static class ChargedJArray
{
    /// <summary><c>JArray.Parse(json)</c>.</summary>
    public static JArray Parse(string json) =>
        ChargedJson.Read(json) as JArray ?? throw new JsonReaderException("The text is JSON, but no array.");

    /// <summary><c>JArray.FromObject(value)</c>.</summary>
    public static JArray FromObject(object o) => ChargedJson.ToToken(o) as JArray ?? throw new ArgumentException("The value is no JSON array.", nameof(o));

    /// <summary><c>array.Add(item)</c>.</summary>
    public static void ChargedAdd(this JArray array, JToken? item)
    {
        array.Add(item!);
        (array.Last ?? array).Attached();
    }

    /// <summary><c>array.Insert(index, item)</c>.</summary>
    public static void ChargedInsert(this JArray array, int index, JToken? item)
    {
        array.Insert(index, item!);
        array[index].Attached();
    }

    /// <summary><c>array[index] = item</c>.</summary>
    public static JToken? Set(JArray array, int index, JToken? item)
    {
        array[index] = item!;
        array[index].Attached();
        return item;
    }

    /// <summary><c>array[key] = item</c>.</summary>
    public static JToken? Set(JArray array, object key, JToken? item) => ChargedJToken.Set(array, key, item);
}

/// <summary>Stands in for members of <see cref="JProperty"/>.</summary>
public static class ChargedJProperty
{
    /// <summary><c>property.Value = value</c>.</summary>
    public static JToken? SetValue(JProperty property, JToken? value)
    {
        property.Value = value!;
        property.Attached();
        return value;
    }
}
