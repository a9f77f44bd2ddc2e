using Microsoft.Extensions.Logging;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>Hears when a partition says that an edge does not tell what it holds.</summary>
internal sealed class SilenceLogger(World world) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "Silent" && state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            world.Log.Silent.Add((world.Timeline.Now, (Guid)values.First(value => value.Key == "Life").Value!));
        }
    }
}
