namespace Gateway.Architecture.Tests;

/// <summary>A text that was approved by committing it: a difference fails, and says line by line what it is.</summary>
internal static class ApprovedText
{
    /// <summary>Compares, or approves when <c>GATEWAY_APPROVE</c> is 1.</summary>
    /// <param name="path">The file in the repository.</param>
    /// <param name="actual">What is there now.</param>
    /// <param name="meaning">What a difference means, and when it may be approved.</param>
    public static void AssertIs(string path, string actual, string meaning)
    {
        if (Environment.GetEnvironmentVariable("GATEWAY_APPROVE") == "1")
        {
            File.WriteAllText(Repository.Absolute(path), actual);
        }

        var approved = File.Exists(Repository.Absolute(path)) ? Repository.Read(path) : string.Empty;
        var gone = approved.Split('\n').Except(actual.Split('\n')).Select(line => "- " + line);
        var added = actual.Split('\n').Except(approved.Split('\n')).Select(line => "+ " + line);
        Assert.True(approved == actual, $"""
            This differs from {path}.
            {meaning}
            To approve it run
                GATEWAY_APPROVE=1 dotnet test tests/Gateway.Architecture.Tests
            and commit the file with your change.
            {string.Join('\n', gone.Concat(added))}
            """);
    }
}
