namespace Gateway.Policies.Expressions.Api;

/// <summary>A group of users.</summary>
public interface IGroup
{
    /// <summary>The group's id.</summary>
    string Id { get; }

    /// <summary>The name shown to people.</summary>
    string Name { get; }
}
