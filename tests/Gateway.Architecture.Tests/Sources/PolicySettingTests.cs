using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests.Sources;

/// <summary>What a policy reads of a document, by its source, and the documents that tests send requests through.</summary>
public sealed partial class PolicySettingTests
{
    [Fact]
    public void Every_setting_of_a_policy_stands_in_a_test_that_sends_requests_through_an_edge()
    {
        var tests = Repository.Files.Where(file => file.StartsWith("tests/Gateway.Edge.Tests/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)).Select(Repository.Read).ToArray();
        var settings = 0;
        var missing = new List<string>();
        foreach (var file in Repository.Files.Where(file => file.StartsWith("Gateway.Policies/Policies/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var source = Repository.Read(file);
            var policies = Name().Matches(source).Select(match => $"<{match.Groups[1].Value}").ToArray();
            var beside = tests.Where(test => policies.Length == 0 || policies.Any(policy => test.Contains(policy, StringComparison.Ordinal))).ToArray();
            foreach (var setting in Setting().Matches(source).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal))
            {
                settings++;
                if (!beside.Any(test => Regex.IsMatch(test, $@"(?<![\w-]){setting}\s*=|<{setting}[\s/>]")))
                {
                    missing.Add($"{file}: {setting}");
                }
            }
        }

        Assert.True(settings > 200, $"Only {settings} settings were found: policies read them in another way now.");
        Assert.Empty(missing);
    }

    [GeneratedRegex("Name = \"([a-z-]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\bread(?:er)?\.\w+(?:<[^>(]*>)?\(\s*""([a-z][a-z0-9-]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
