using Gateway.Grains.Counters;
using Gateway.Grains.Counters.Holding;
using Microsoft.Extensions.Logging;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>An activation as the actor framework treats it: its ticks, and its end.</summary>
internal sealed class ModelActivation
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly SiloNode _silo;
    private readonly int _number;
    private readonly HoldingServices _services;
    private readonly Action _gone;
    private ITimer? _ticks;
    private Task _tick = Task.CompletedTask;

    public ModelActivation(SiloNode silo, int number, HoldingServices services, ILogger log, Action gone)
    {
        (_silo, _number, _services, _gone) = (silo, number, services, gone);
        Real = new PartitionActivation(number, services, Leave, log);
    }

    /// <summary>The real one.</summary>
    public PartitionActivation Real { get; }

    /// <summary>Its end, once that has begun.</summary>
    public Task? Ending { get; private set; }

    public void Begin()
    {
        _services.Registry.Enter(_number, Leave);
        _ticks = _silo.Clock.CreateTimer(_ => Tick(), null, TimeSpan.Zero, TickPeriod);
    }

    /// <summary>Ends it: no new calls, then the hand-over.</summary>
    public Task EndAsync() => Ending ??= DoEndAsync();

    private void Leave() => _silo.Post(_ => _silo.Start(EndAsync), null);

    private void Tick()
    {
        if (_tick.IsCompleted && Ending is null)
        {
            _silo.Start(() => _tick = Real.TickAsync());
        }
    }

    private async Task DoEndAsync()
    {
        _ticks!.Dispose();
        await _tick;
        _services.Registry.Exit(_number);
        await Real.EndAsync();
        _gone();
    }
}
