using System.Reflection;

namespace Gateway.Architecture.Tests.Contracts;

public sealed class WireContractTests
{
    private const string Approved = "tests/Gateway.Architecture.Tests/Approved/contracts.txt";

    [Fact]
    public void The_wire_contract_is_the_approved_one() => ApprovedText.AssertIs(Approved, WireContract.Describe(), """
        Nodes of different versions run side by side during an upgrade: members, methods and values may be added, never changed,
        renumbered or reused. Approve it when every line below keeps to that.
        """);

    [Fact]
    public void Grain_interfaces_and_their_methods_have_aliases()
    {
        Assert.NotEmpty(WireTypes.Grains);
        Assert.Empty(WireTypes.Grains.Where(grain => WireContract.Alias(grain)?.StartsWith("gw.", StringComparison.Ordinal) != true));
        Assert.Empty(WireTypes.Grains.SelectMany(grain => grain.GetMethods()).Where(method => WireContract.Alias(method) is null)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"));
    }

    [Fact]
    public void Records_have_aliases_and_are_immutable()
    {
        Assert.NotEmpty(WireTypes.Records);
        Assert.Empty(WireTypes.Records.Where(record => WireContract.Alias(record)?.StartsWith("gw.", StringComparison.Ordinal) != true));
        Assert.Empty(WireTypes.Records.Where(record => !record.IsDefined(typeof(ImmutableAttribute))));
    }

    [Fact]
    public void Aliases_are_used_once() =>
        Assert.Empty(WireTypes.Grains.Concat(WireTypes.Records).GroupBy(type => WireContract.Alias(type)).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Members_of_records_have_numbers_used_once()
    {
        var unnumbered = from record in WireTypes.Records
                         from member in WireTypes.Members(record)
                         where WireContract.Id(member) is null
                         select $"{record.Name}.{member.Name} has no [Id].";
        var twice = from record in WireTypes.Records
                    from number in WireTypes.Members(record).GroupBy(WireContract.Id)
                    where number.Count() > 1
                    select $"{record.Name} uses [Id({number.Key})] twice.";

        Assert.Empty(unnumbered.Concat(twice));
    }

    [Fact]
    public void Grain_methods_speak_in_types_of_the_wire()
    {
        var foreign = from grain in WireTypes.Grains
                      from method in grain.GetMethods()
                      from type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType).SelectMany(WireTypes.Ours)
                      where !type.IsEnum && !WireTypes.Records.Contains(type) && !WireTypes.Grains.Contains(type)
                      select $"{grain.Name}.{method.Name} uses {type.Name}, which has no [GenerateSerializer].";

        Assert.Empty(foreign);
    }

    [Fact]
    public void Values_of_enums_on_the_wire_are_written_out()
    {
        var sources = Repository.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).ToLookup(file => Path.GetDirectoryName(file)!.Replace('\\', '/'));
        var enums = WireTypes.Records.Concat(WireTypes.Documents).SelectMany(WireTypes.Members)
            .SelectMany(member => WireTypes.Ours(member.PropertyType)).Where(type => type.IsEnum).Distinct();
        var implied = from type in enums
                      let folder = type.Namespace!.Replace($"{type.Assembly.GetName().Name}", string.Empty).Trim('.').Replace('.', '/')
                      let text = string.Concat(sources[$"{type.Assembly.GetName().Name}/{folder}".TrimEnd('/')].Select(Repository.Read))
                      from value in Enum.GetValues(type).Cast<object>()
                      where !text.Contains($"{value} = {Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)}", StringComparison.Ordinal)
                      select $"{type.Name}.{value}";

        Assert.Empty(implied);
    }

    [Fact]
    public void Grain_calls_that_can_wait_take_a_cancellation_token_last()
    {
        var misplaced = from grain in WireTypes.Grains
                        from method in grain.GetMethods()
                        let position = Array.FindIndex(method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken))
                        where position >= 0 && position != method.GetParameters().Length - 1
                        select $"{grain.Name}.{method.Name}";

        Assert.Empty(misplaced);
    }
}
