using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Edge.Backends;

/// <summary>
/// Keeps a session at one member of a pool: a cookie names the member, by a hash that says nothing about it and is the same on every edge.
/// </summary>
/// <param name="cookie">The cookie's name.</param>
/// <param name="pool">The pool's id.</param>
/// <param name="members">Its members.</param>
internal sealed class SessionAffinity(string cookie, string pool, IEnumerable<BackendModel> members)
{
    private readonly FrozenDictionary<string, BackendModel> _members =
        members.DistinctBy(member => member.Id, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(member => Token(pool, member), StringComparer.Ordinal);

    /// <summary>The member that the request's session is at; null for a new session, or when that member is gone.</summary>
    public BackendModel? Find(HttpRequest request) => request.Cookies[cookie] is { } token ? _members.GetValueOrDefault(token) : null;

    /// <summary>What begins a session, for a <c>Set-Cookie</c>: until the browser ends, over https only when the request came by it.</summary>
    public StringValues Begin(HttpRequest request, BackendModel member) => new SetCookieHeaderValue(cookie, Token(pool, member))
    {
        Path = "/", HttpOnly = true, Secure = request.IsHttps,
    }.ToString();

    private static string Token(string pool, BackendModel member) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{pool}\n{member.Id}")).AsSpan(0, 16));
}
