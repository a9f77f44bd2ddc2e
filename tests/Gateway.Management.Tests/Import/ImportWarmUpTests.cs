using Gateway.Management.Import;

namespace Gateway.Management.Tests.Import;

public sealed class ImportWarmUpTests
{
    [Fact]
    public void Run_ItsDocument_IsRead() => Assert.Equal(1, ImportWarmUp.Run());
}
