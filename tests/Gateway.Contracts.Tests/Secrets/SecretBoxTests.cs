using Gateway.Contracts.Secrets;

namespace Gateway.Contracts.Tests.Secrets;

public sealed class SecretBoxTests
{
    private readonly SecretBox _box = SiteKey.Generate().Catalog;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Open_SealedRecord_GivesThePlainBytes(int length)
    {
        var plain = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        var record = _box.Seal(plain, "id"u8);

        Assert.Equal(length + SecretBox.Overhead, record.Length);
        Assert.Equal(plain, _box.Open(record, "id"u8).Value);
    }

    [Fact]
    public void Seal_SameContentTwice_GivesDifferentRecords() =>
        Assert.NotEqual(_box.Seal("x"u8, "id"u8), _box.Seal("x"u8, "id"u8));

    [Fact]
    public void Open_OtherAssociatedData_IsRefused() =>
        Assert.Contains("belongs elsewhere", Assert.Single(_box.Open(_box.Seal("x"u8, "a"u8), "b"u8).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_AnyFlippedByteOrTruncation_IsRefused()
    {
        var record = _box.Seal("content"u8, "id"u8);
        for (var i = 0; i < record.Length; i++)
        {
            var damaged = (byte[])record.Clone();
            damaged[i] ^= 1;
            Assert.False(_box.Open(damaged, "id"u8).IsSuccess, $"byte {i}");
            Assert.False(_box.Open(record.AsSpan(0, i), "id"u8).IsSuccess, $"length {i}");
        }
    }
}
