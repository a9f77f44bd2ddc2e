namespace Gateway.Policies.Expressions;

/// <summary>What a setting wants of an expression.</summary>
/// <param name="Wanted">The kind of value, for messages: <c>a whole number</c>.</param>
/// <param name="Convert">Makes it of a result; an exception when that is of no use.</param>
/// <param name="Fits">False for a type of results none of which is of use.</param>
internal readonly record struct SettingType<T>(string Wanted, Func<object?, T> Convert, Func<Type, bool> Fits);
