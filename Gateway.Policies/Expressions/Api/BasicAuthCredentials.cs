namespace Gateway.Policies.Expressions.Api;

/// <summary>The credentials of an <c>Authorization: Basic</c> header.</summary>
public sealed class BasicAuthCredentials
{
    internal BasicAuthCredentials(string userId, string password) => (UserId, Password) = (userId, password);

    /// <summary>What stands behind the colon.</summary>
    public string Password { get; }

    /// <summary>What stands before the colon.</summary>
    public string UserId { get; }

    /// <summary>The same as <see cref="UserId"/>, by its other name.</summary>
    public string Username => UserId;
}
