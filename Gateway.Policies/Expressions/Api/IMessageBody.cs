namespace Gateway.Policies.Expressions.Api;

/// <summary>
/// The body of a request or response. It is in memory before the expression runs, up to a bound of the gateway. Reading takes the body
/// away, so that neither later expressions nor the receiver get it, unless <c>preserveContent</c> is true.
/// </summary>
public interface IMessageBody
{
    /// <summary>
    /// Reads the body. One with the content encoding gzip, br or deflate is decoded, but for <c>byte[]</c>. An empty one, which only responses have, is an empty text, no bytes, or null.
    /// </summary>
    /// <param name="preserveContent">True leaves the body where it is; false takes it away.</param>
    /// <typeparam name="T">
    /// <c>string</c> (by the charset of the content type, else UTF-8), <c>byte[]</c>, <c>JObject</c>, <c>JArray</c>, <c>JToken</c>,
    /// <c>XElement</c>, <c>XDocument</c> or <c>XNode</c>.
    /// </typeparam>
    /// <exception cref="InvalidOperationException">The body was taken away before, is not what was asked for, or has another content encoding.</exception>
    T As<T>(bool preserveContent = false);

    /// <summary>Reads the body as <c>application/x-www-form-urlencoded</c>.</summary>
    /// <param name="preserveContent">True leaves the body where it is; false takes it away.</param>
    /// <returns>The values by name, unescaped; the caller's own copy.</returns>
    /// <exception cref="InvalidOperationException">The body was taken away before, or has another content encoding.</exception>
    IDictionary<string, IList<string>> AsFormUrlEncodedContent(bool preserveContent = false);
}
