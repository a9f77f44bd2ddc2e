namespace Gateway.Hosting.Settings.Binding;

/// <summary>What values of a setting are right. The description ends the sentence "Gateway:X must be …".</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class SettingRuleAttribute : Attribute
{
    /// <summary>Such as "0 to 65535"; put after "must be".</summary>
    public abstract string Description { get; }

    /// <summary>Whether a value, already of the property's type, is right.</summary>
    public abstract bool Accepts(object value);
}

/// <summary>The value is a secret: no message shows it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
