namespace Gateway.Policies.Expressions.Api;

/// <summary>A user.</summary>
public interface IUser
{
    /// <summary>The address for mail.</summary>
    string Email { get; }

    /// <summary>The first name.</summary>
    string FirstName { get; }

    /// <summary>The groups that the user is in.</summary>
    IEnumerable<IGroup> Groups { get; }

    /// <summary>The user's id.</summary>
    string Id { get; }

    /// <summary>How the user signs in.</summary>
    IEnumerable<IUserIdentity> Identities { get; }

    /// <summary>The last name.</summary>
    string LastName { get; }

    /// <summary>What administrators noted.</summary>
    string Note { get; }

    /// <summary>When the user registered, in universal time.</summary>
    DateTime RegistrationDate { get; }
}

/// <summary>A way for a user to sign in.</summary>
public interface IUserIdentity
{
    /// <summary>The user's id at the provider.</summary>
    string Id { get; }

    /// <summary>The provider.</summary>
    string Provider { get; }
}
