using Gateway.Policies.Expressions;

namespace Gateway.Architecture.Tests.Expressions;

public sealed class ExpressionContractTests
{
    private const string Approved = "tests/Gateway.Architecture.Tests/Approved/expressions.txt";

    [Fact]
    public void What_expressions_bind_to_is_the_approved_contract() => ApprovedText.AssertIs(Approved, ExpressionContract.Describe(), """
        Edges of the last release load programs that were compiled against it. Once a release has this number, any change needs a new one:
        raise ExpressionAbi.Current by one, and let ExpressionApi compile for the number before too.
        """);

    [Fact]
    public void The_approved_contract_states_its_number() =>
        Assert.StartsWith($"abi {ExpressionAbi.Current}\n", Repository.Read(Approved), StringComparison.Ordinal);

    [Theory]
    [InlineData("Gateway.Edge")]
    [InlineData("Gateway.Policies")]
    public void No_compiler_stands_beside_what_runs_expressions(string project) =>
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Repository.Assembly(project))!, "Microsoft.CodeAnalysis*.dll"));
}
