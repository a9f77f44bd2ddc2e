using Gateway.Contracts.Results;
using Microsoft.Extensions.Configuration;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>Fills the settings from configuration and collects every error.</summary>
internal static class SettingsBinder
{
    private const int MostChildren = 64;

    public static Result<GatewaySettings> Bind(IConfiguration configuration)
    {
        var errors = new List<GatewayError>();
        var aliases = Aliases.Read(configuration);
        var settings = new GatewaySettings { IgnoredAliases = aliases.Ignored };
        foreach (var (path, value) in aliases.Mapped)
        {
            Take(settings, path.Path, value, path.Alias, errors);
        }

        var given = configuration.GetSection(SettingsCatalog.Root).AsEnumerable()
            .Where(entry => entry.Value is not null && entry.Key.Contains(':', StringComparison.Ordinal))
            .OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in given)
        {
            Take(settings, key, value!, null, errors);
        }

        errors.AddRange(SettingsRules.Check(settings));
        return errors.Count == 0 ? settings : errors.ToArray();
    }

    private static void Take(GatewaySettings settings, string key, string text, string? alias, List<GatewayError> errors)
    {
        var setting = SettingsCatalog.Find(key);
        if (setting is { HasChildren: false } or { Type.IsArray: true })
        {
            Assign(settings, setting, text, alias, errors);
            return;
        }

        var colon = key.LastIndexOf(':');
        var parent = SettingsCatalog.Find(key[..colon]);
        if (parent is { HasChildren: true })
        {
            AddChild(settings, parent, key[(colon + 1)..], text, errors);
        }
        else if (text.Length > 0 || !SettingsCatalog.All.Any(known => known.Path.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)))
        {
            var nearest = SettingsCatalog.Nearest(key);
            errors.Add(Error(key, $"{key} is not a setting" + (nearest is null ? "; docs/settings.md lists them all." : $", did you mean {nearest}?")));
        }
    }

    private static void Assign(GatewaySettings settings, Setting setting, string text, string? alias, List<GatewayError> errors)
    {
        if (text.Length == 0)
        {
            return;
        }

        var value = SettingValues.Parse(setting, text);
        if (value is not null && setting.Rule?.Accepts(value) != false)
        {
            setting.Set(settings, value);
            return;
        }

        var name = alias is null ? setting.Path : $"{alias} ({setting.Path})";
        var shown = setting.IsSecret ? "; the given value is kept out of this message." : $", it is {SettingValues.Shown(text)}.";
        errors.Add(Error(setting.Path, $"{name} must be {SettingValues.Expected(setting)}{shown}"));
    }

    private static void AddChild(GatewaySettings settings, Setting setting, string name, string text, List<GatewayError> errors)
    {
        if (setting.Get(settings) is Dictionary<string, string> map)
        {
            map[name] = text;
            if (map.Count > MostChildren || name.Length > 128 || text.Length > 256)
            {
                errors.Add(Error(setting.Path, $"{setting.Path} must be at most {MostChildren} entries with names up to 128 and values up to 256 characters."));
            }

            return;
        }

        var list = (string[])setting.Get(settings)!;
        Assign(settings, setting, string.Join(',', [.. list, text]), null, errors);
    }

    private static GatewayError Error(string path, string sentence) => new(ErrorKind.ValidationError, sentence) { Target = path };
}
