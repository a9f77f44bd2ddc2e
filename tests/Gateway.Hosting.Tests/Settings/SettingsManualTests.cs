using System.Text.RegularExpressions;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Tests.Settings;

public sealed partial class SettingsManualTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "settings.md"));

    [Fact]
    public void Manual_EverySetting_HasItsRowWithTheDefault()
    {
        var defaults = new GatewaySettings();

        Assert.All(SettingsCatalog.All, setting =>
        {
            var row = Assert.Single(Lines, line => line.StartsWith($"| `{setting.Path["Gateway:".Length..]}` |", StringComparison.Ordinal));
            var value = setting.Get(defaults);
            if (value is int or bool or TimeSpan or Enum && !setting.IsSecret)
            {
                Assert.Contains($"| `{SettingValues.Format(value)}` |", row, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void Manual_Rows_AreSettings()
    {
        var rows = Lines.Select(line => Row().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(rows);
        Assert.All(rows, name => Assert.NotNull(SettingsCatalog.Find("Gateway:" + name)));
    }

    [Fact]
    public void Manual_Aliases_AreAllNamed()
    {
        var text = string.Join('\n', Lines);

        Assert.All(Aliases.Meanings.Keys.Concat(Aliases.Prefixes), name => Assert.Contains($"`{name}", text, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\A\| `([A-Z][A-Za-z]*(?::[A-Z][A-Za-z]*)*)` \|")]
    private static partial Regex Row();
}
