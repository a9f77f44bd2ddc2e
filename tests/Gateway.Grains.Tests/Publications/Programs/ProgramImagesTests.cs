using Gateway.Grains.Publications.Programs;
using Gateway.PolicyCompiler.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Grains.Tests.Publications.Programs;

public sealed class ProgramImagesTests
{
    private readonly MemoryProgramStore _store = new();
    private readonly ProgramSource _source = new(["(x)"]);

    [Fact]
    public async Task Silos_ThatNeedAProgramAtOnce_CompileItOnce()
    {
        using var begun = new SemaphoreSlim(0);
        using var released = new SemaphoreSlim(0);
        var compiler = new FakeCompiler
        {
            Meanwhile = () =>
            {
                begun.Release();
                Assert.True(released.Wait(TimeSpan.FromSeconds(30)));
            },
        };
        using var one = Images(compiler);
        using var two = Images(compiler);
        var first = one.GetAsync(_source, 1);
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(30)));

        Task<Contracts.Results.Result<byte[]>>[] others = [one.GetAsync(_source, 1), two.GetAsync(_source, 1)];
        released.Release();

        var image = (await first).Value;
        Assert.All(await Task.WhenAll(others), other => Assert.Equal(image, other.Value));
        Assert.Single(compiler.Compiled);
    }

    [Fact]
    public async Task Program_ThatDoesNotCompile_IsTriedAgainByWhoeverAsksNext()
    {
        var compiler = new FakeCompiler();
        using var images = Images(compiler);
        var wrong = new ProgramSource(["(wrong)"]);

        Assert.False((await images.GetAsync(wrong, 1)).IsSuccess);
        Assert.False((await images.GetAsync(wrong, 1)).IsSuccess);

        Assert.Equal(2, compiler.Compiled.Count);
    }

    private ProgramImages Images(FakeCompiler compiler) => new(compiler, _store, TimeProvider.System, NullLogger<ProgramImages>.Instance);
}
