using System.Reflection;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>One setting: its path, such as <c>Gateway:Edge:HttpPort</c>, and where its value goes.</summary>
public sealed class Setting
{
    private readonly PropertyInfo[] _sections;
    private readonly PropertyInfo _property;

    internal Setting(PropertyInfo[] sections, PropertyInfo property)
    {
        _sections = sections;
        _property = property;
        Path = string.Join(':', [SettingsCatalog.Root, .. sections.Select(section => section.Name), property.Name]);
        Rule = property.GetCustomAttribute<SettingRuleAttribute>();
        IsSecret = property.IsDefined(typeof(SecretAttribute));
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>What values are right; null: every value of the type.</summary>
    public SettingRuleAttribute? Rule { get; }

    /// <summary>No message shows the value.</summary>
    public bool IsSecret { get; }

    /// <summary>The value's type, without the nullable around it.</summary>
    public Type Type => Nullable.GetUnderlyingType(_property.PropertyType) ?? _property.PropertyType;

    /// <summary>Has a value per name or index below its path.</summary>
    public bool HasChildren => Type == typeof(string[]) || Type == typeof(Dictionary<string, string>);

    /// <summary>The value in a settings object.</summary>
    public object? Get(GatewaySettings settings) => _property.GetValue(Owner(settings));

    internal void Set(GatewaySettings settings, object value) => _property.SetValue(Owner(settings), value);

    private object Owner(GatewaySettings settings) =>
        _sections.Aggregate((object)settings, (owner, section) => section.GetValue(owner)!);
}
