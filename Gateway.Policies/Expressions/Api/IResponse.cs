namespace Gateway.Policies.Expressions.Api;

/// <summary>A response.</summary>
public interface IResponse
{
    /// <summary>The body; never null. That of a response without one is empty.</summary>
    IMessageBody Body { get; }

    /// <summary>The headers by name, in any case; as policies have changed them.</summary>
    IReadOnlyDictionary<string, string[]> Headers { get; }

    /// <summary>The status, e.g. 200.</summary>
    int StatusCode { get; }

    /// <summary>The phrase of the status, e.g. <c>OK</c>.</summary>
    string StatusReason { get; }
}
