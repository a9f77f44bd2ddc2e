using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;
using Microsoft.AspNetCore.Http;

namespace Gateway.Management.Requests;

/// <summary>One authorised call: the request, and what its path addresses.</summary>
internal sealed record ManagementCall(HttpContext Http, ManagementAddress Address)
{
    /// <summary>The verb in upper case.</summary>
    public string Method => Http.Request.Method;

    /// <summary>The query.</summary>
    public IQueryCollection Query => Http.Request.Query;

    /// <summary>Ends when the caller hangs up.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The path below the service, <c>/apis/orders</c>.</summary>
    public string Path => "/" + string.Join('/', Address.Path);

    /// <summary>A query parameter that is true or false; absent or empty is false. Anything else goes on the list.</summary>
    public bool Flag(string name, ErrorList errors)
    {
        var text = Query[name].ToString();
        if (text.Length == 0)
        {
            return false;
        }

        if (!bool.TryParse(text, out var value))
        {
            errors.Add(name, $"The query parameter '{name}' must be true or false.");
        }

        return value;
    }

    /// <summary>A query parameter that is a whole number. Anything else goes on the list.</summary>
    public int Number(string name, int absent, int minimum, int maximum, ErrorList errors)
    {
        var text = Query[name].ToString();
        if (text.Length == 0)
        {
            return absent;
        }

        if (int.TryParse(text, System.Globalization.NumberStyles.None, null, out var value) && value >= minimum && value <= maximum)
        {
            return value;
        }

        errors.Add(name, $"The query parameter '{name}' must be a whole number from {minimum} to {maximum}.");
        return absent;
    }

    /// <summary>The ETag that the caller expects: null when the header is absent, without its quotes otherwise.</summary>
    public Result<Precondition> IfMatch()
    {
        var text = Http.Request.Headers.IfMatch.ToString().Trim();
        if (text.Length == 0)
        {
            return new Precondition(null);
        }

        if (text.StartsWith("W/", StringComparison.Ordinal))
        {
            text = text[2..];
        }

        var bare = text is ['"', .., '"'] ? text[1..^1] : text;
        if (bare.Length is 0 or > 128 || bare.AsSpan().IndexOfAny("\", \t") >= 0)
        {
            return new GatewayError(ErrorKind.ValidationError, "The header If-Match must hold one ETag or *.") { Target = "If-Match" };
        }

        return new Precondition(bare);
    }
}

/// <summary>What If-Match asked for: an ETag, <c>*</c>, or null for nothing.</summary>
internal sealed record Precondition(string? ETag);
