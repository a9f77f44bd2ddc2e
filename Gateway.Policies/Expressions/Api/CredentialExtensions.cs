using System.Diagnostics.CodeAnalysis;
using Gateway.Policies.Expressions.Context;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Expressions.Api;

/// <summary>Reads the credentials in header values.</summary>
public static class CredentialExtensions
{
    /// <summary>The credentials of an <c>Authorization</c> header; null when it is not a well-formed <c>Basic</c> one.</summary>
    public static BasicAuthCredentials? AsBasic(this string? input) => BasicReader.Read(Charged(input));

    /// <summary>Reads the credentials of an <c>Authorization</c> header.</summary>
    /// <returns>False when it is not a well-formed <c>Basic</c> one.</returns>
    public static bool TryParseBasic(this string? input, [NotNullWhen(true)] out BasicAuthCredentials? result) =>
        (result = BasicReader.Read(Charged(input))) is not null;

    /// <summary>
    /// The content of a JSON web token, without any check of who made it; null when the text is none, which is so of a header that begins
    /// with <c>Bearer</c>.
    /// </summary>
    public static Jwt? AsJwt(this string? input) => JwtReader.Read(Charged(input));

    /// <summary>Reads the content of a JSON web token, without any check of who made it.</summary>
    /// <returns>False when the text is none.</returns>
    public static bool TryParseJwt(this string? input, [NotNullWhen(true)] out Jwt? result) =>
        (result = JwtReader.Read(Charged(input))) is not null;

    private static string? Charged(string? input)
    {
        Budget.Reserve(8L * (input?.Length ?? 0));
        return input;
    }
}
