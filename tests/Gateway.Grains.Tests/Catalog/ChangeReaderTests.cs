using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Catalog;

public sealed class ChangeReaderTests
{
    [Fact]
    public void Read_TooManyChanges_IsRefused() =>
        Assert.Equal(ErrorKind.RequestTooLarge, Read([.. Enumerable.Range(0, ChangeReader.MaximumChanges + 1).Select(i => Delete($"/apis/{i}"))]).Code);

    [Fact]
    public void Read_TooManyBytes_IsRefused()
    {
        var properties = new byte[ChangeReader.MaximumBytes / 4];

        Assert.Equal(ErrorKind.RequestTooLarge, Read([.. Enumerable.Range(0, 5).Select(i => Api($"{i}") with { Properties = properties })]).Code);
    }

    [Fact]
    public void Read_TooLargeResource_IsRefused() =>
        Assert.Equal(ErrorKind.RequestTooLarge, Read(Api("a") with { Properties = new byte[ChangeReader.MaximumResource + 1] }).Code);

    [Theory]
    [InlineData(ChangeOperation.Put, "/gateways/managed", ErrorKind.MethodNotAllowed)]
    [InlineData(ChangeOperation.Delete, "/gateways/managed", ErrorKind.MethodNotAllowed)]
    [InlineData(ChangeOperation.Patch, "/policies/policy", ErrorKind.MethodNotAllowed)]
    [InlineData(ChangeOperation.Put, "/", ErrorKind.ValidationError)]
    [InlineData(ChangeOperation.Put, "/apis", ErrorKind.ValidationError)]
    [InlineData(ChangeOperation.Put, "/apis/..", ErrorKind.ValidationError)]
    [InlineData(ChangeOperation.Put, "/apis/a\nb", ErrorKind.ValidationError)]
    [InlineData(ChangeOperation.Delete, "/apis/a*", ErrorKind.ValidationError)]
    public void Read_WrongPathOrVerb_IsRefused(ChangeOperation operation, string id, ErrorKind expected) =>
        Assert.Equal(expected, Read(new Change { Operation = operation, Id = id, Properties = "{}"u8.ToArray() }).Code);

    [Fact]
    public void Read_LongId_IsCutInTheMessage() =>
        Assert.True(Read(Delete("/apis/" + new string('a', 100_000))).Message.Length < 1000);

    private static GatewayError Read(params Change[] changes) => Assert.Single(ChangeReader.Read(new ChangeSet(changes)).Errors);
}
