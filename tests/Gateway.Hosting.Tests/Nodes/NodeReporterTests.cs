using System.Reflection;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Hosting.Data;
using Gateway.Hosting.Nodes;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Hosting.Tests.Nodes;

public sealed class NodeReporterTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeNode _node = new();
    private readonly Publication _publication = new();
    private readonly NodeEnvironment _environment;
    private readonly NodeReporter _reporter;

    public NodeReporterTests()
    {
        _environment = new NodeEnvironment { Role = NodeRole.Edge, Data = DataFolder.Held("."), Time = _time };
        var factory = DispatchProxy.Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory).Node = _node;
        _reporter = new NodeReporter(
            factory, new GatewaySettings { NodeName = "n1" }, _environment, [_publication], new LogLines<NodeReporter>());
    }

    public Task InitializeAsync() => _reporter.StartAsync(CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _reporter.StopAsync(CancellationToken.None);
        _reporter.Dispose();
    }

    [Fact]
    public async Task Start_Reports_WithTheKeyOfRoleAndName()
    {
        var report = await ReportAsync(1);

        Assert.Equal("edge/n1", _node.Key);
        Assert.Equal(("n1", NodeRole.Edge, "managed", NodeState.Starting), (report.Name, report.Role, report.Gateway, report.State));
        Assert.Equal(["The node is starting."], report.Remarks);
    }

    [Fact]
    public async Task Change_IsReported_WithinASecond()
    {
        await ReportAsync(1);
        _environment.Readiness.Started([]);
        _publication.Id = new PublicationId("L", 7);

        var report = await ReportAsync(2);

        Assert.Equal((NodeState.Ready, new PublicationId("L", 7)), (report.State, report.Publication));
    }

    [Fact]
    public async Task Silence_BecomesABeatEachFiveSecondsAndAReportEachMinute()
    {
        await ReportAsync(1);

        for (var second = 0; second < 60; second++)
        {
            await TickAsync();
        }

        Assert.Equal(2, _node.Reports.Count);
        Assert.Equal(11, _node.Beats);
    }

    [Fact]
    public async Task Beat_SiteWithoutAReport_GetsOneAtOnce()
    {
        await ReportAsync(1);
        _node.WantsReport = true;

        await ReportAsync(2);

        Assert.Equal(1, _node.Beats);
    }

    [Fact]
    public async Task Failure_IsTriedAgain()
    {
        await ReportAsync(1);
        _node.Fails = true;
        _environment.Readiness.Started([]);
        await TickAsync();
        await TickAsync();
        _node.Fails = false;

        Assert.Equal(NodeState.Ready, (await ReportAsync(2)).State);
    }

    [Fact]
    public async Task Stop_SaysGoodbye()
    {
        await ReportAsync(1);

        await _reporter.StopAsync(CancellationToken.None);

        Assert.Equal(NodeState.Gone, _node.Reports[^1].State);
    }

    private async Task<NodeReport> ReportAsync(int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (_node.Reports.Count < count)
        {
            await TickAsync();
            deadline.Token.ThrowIfCancellationRequested();
        }

        return _node.Reports[count - 1];
    }

    // One second of fake time, and as long as it takes until the reporter waits for the next one.
    private async Task TickAsync()
    {
        var looks = _publication.Looks;
        using var deadline = new CancellationTokenSource(Deadline);
        _time.Advance(TimeSpan.FromSeconds(1));
        while (_publication.Looks == looks || _node.Busy)
        {
            await Task.Delay(1, deadline.Token);
        }
    }

    private sealed class Publication : INodeStatusSource
    {
        private int _looks;

        public PublicationId? Id { get; set; }

        public int Looks => Volatile.Read(ref _looks);

        public NodeReport Describe(NodeReport report)
        {
            Interlocked.Increment(ref _looks);
            return report with { Publication = Id };
        }
    }

    private sealed class FakeNode : INodeGrain
    {
        public string? Key { get; set; }

        public List<NodeReport> Reports { get; } = [];

        public int Beats { get; private set; }

        public bool WantsReport { get; set; }

        public bool Fails { get; set; }

        public bool Busy { get; private set; }

        public Task Report(NodeReport report)
        {
            if (Fails)
            {
                throw new TimeoutException("No silo answers.");
            }

            WantsReport = false;
            Reports.Add(report);
            return Task.CompletedTask;
        }

        public Task<bool> Beat(NodeBeat beat)
        {
            Beats++;
            return Task.FromResult(WantsReport);
        }

        public Task<NodeStatus?> Get() => Task.FromResult<NodeStatus?>(null);
    }

    /// <summary>Knows one grain.</summary>
    public class FakeGrains : DispatchProxy
    {
        internal object? Node { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            ((FakeNode)Node!).Key = (string)args![0]!;
            return Node;
        }
    }
}
