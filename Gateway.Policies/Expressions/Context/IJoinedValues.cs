namespace Gateway.Policies.Expressions.Context;

/// <summary>Values that can be had as one text without making arrays first.</summary>
internal interface IJoinedValues
{
    /// <summary>The values of a name, joined with commas; null when the name is not there.</summary>
    string? Join(string name);
}
