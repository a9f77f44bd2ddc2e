using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Context;

/// <summary>The user that a subscription belongs to, as expressions see it: gateways are told the id alone, so everything else is empty.</summary>
internal sealed class UserView(string id) : IUser
{
    public string Email => "";

    public string FirstName => "";

    public IEnumerable<IGroup> Groups => [];

    public string Id => id;

    public IEnumerable<IUserIdentity> Identities => [];

    public string LastName => "";

    public string Note => "";

    public DateTime RegistrationDate => default;
}
