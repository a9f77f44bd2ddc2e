using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Execution;

/// <summary>A body is longer than policies can read.</summary>
/// <param name="error">What to say of it.</param>
/// <param name="limit">The most that policies can read, in bytes.</param>
internal sealed class BodyTooLongException(LastError error, int limit) : PolicyException(error, StatusCodes.Status500InternalServerError, "Internal server error")
{
    /// <summary>The most that policies can read, in bytes.</summary>
    public int Limit => limit;
}
