using Gateway.Grains.Publications.Programs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Grains.Tests.Publications.Programs;

public sealed class CompilerWarmUpTests : IDisposable
{
    private readonly Host _host = new();
    private readonly SemaphoreSlim _looked = new(0);
    private readonly TaskCompletionSource _compiled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _cpu;
    private volatile bool _isBusy = true;

    [Fact]
    public async Task Compiler_IsLeftAloneUntilTheHostRunsAndHasNothingToDo()
    {
        using var warmUp = new CompilerWarmUp(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), Cpu, _ => _compiled.SetResult(), _host, TimeProvider.System, NullLogger<CompilerWarmUp>.Instance);
        await warmUp.StartAsync(CancellationToken.None);
        Assert.Equal(0, _looked.CurrentCount);

        _host.Start();
        for (var look = 0; look < 6; look++)
        {
            Assert.True(await _looked.WaitAsync(TimeSpan.FromSeconds(20)), "it looks whether there is something to do");
        }

        Assert.False(_compiled.Task.IsCompleted);
        _isBusy = false;
        await _compiled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await warmUp.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void Document_ThatMakesItWarm_IsCorrect()
    {
        var compilation = CompilerWarmUp.Compile(CancellationToken.None);

        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(3, compilation.Slots.Count);
    }

    public void Dispose()
    {
        _host.Dispose();
        _looked.Dispose();
    }

    private TimeSpan Cpu()
    {
        _looked.Release();
        return _cpu += _isBusy ? TimeSpan.FromHours(1) : TimeSpan.Zero;
    }

    private sealed class Host : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Start() => _started.Cancel();

        public void StopApplication() => throw new NotSupportedException();

        public void Dispose() => _started.Dispose();
    }
}
