using Gateway.Policies.Expressions;

namespace Gateway.Architecture.Tests.Expressions;

public sealed class ExpressionContractTests
{
    private const string Approved = "tests/Gateway.Architecture.Tests/Approved/expressions.txt";

    [Fact]
    public void What_expressions_bind_to_is_the_approved_contract()
    {
        var actual = ExpressionContract.Describe();
        if (Environment.GetEnvironmentVariable("GATEWAY_APPROVE") == "1")
        {
            File.WriteAllText(Repository.Absolute(Approved), actual);
        }

        var approved = File.Exists(Repository.Absolute(Approved)) ? Repository.Read(Approved) : string.Empty;
        var gone = approved.Split('\n').Except(actual.Split('\n')).Select(line => "- " + line);
        var added = actual.Split('\n').Except(approved.Split('\n')).Select(line => "+ " + line);
        Assert.True(approved == actual, $"""
            What compiled expressions bind to differs from {Approved}.
            Edges of the last release load programs that were compiled against it. Once a release has this number, any change needs a new one:
            raise ExpressionAbi.Current by one, let ExpressionApi compile for the number before too, and approve the file by running
                GATEWAY_APPROVE=1 dotnet test tests/Gateway.Architecture.Tests
            {string.Join('\n', gone.Concat(added))}
            """);
    }

    [Fact]
    public void The_approved_contract_states_its_number() =>
        Assert.StartsWith($"abi {ExpressionAbi.Current}\n", Repository.Read(Approved), StringComparison.Ordinal);

    [Theory]
    [InlineData("Gateway.Edge")]
    [InlineData("Gateway.Policies")]
    public void No_compiler_stands_beside_what_runs_expressions(string project) =>
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Repository.Assembly(project))!, "Microsoft.CodeAnalysis*.dll"));
}
