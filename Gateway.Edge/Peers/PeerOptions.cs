using Gateway.Hosting.Settings;

namespace Gateway.Edge.Peers;

/// <summary>How edges help each other to start.</summary>
internal sealed record PeerOptions
{
    private const int DefaultPort = 8445;

    /// <summary>Whom to ask.</summary>
    public IReadOnlyList<HostPort> Peers { get; init; } = [];

    /// <summary>Where to answer: a port, 0 for any free one; null for nowhere.</summary>
    public int? Port { get; init; }

    /// <summary>The address to answer on.</summary>
    public string BindAddress { get; init; } = "*";

    /// <summary>How long a peer may take to say what it has.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long it may take for everything that its publication names.</summary>
    public TimeSpan FetchPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The options that the settings of the process give.</summary>
    public static PeerOptions From(EdgeSettings settings) => new()
    {
        Peers = [.. settings.Peers.Select(text => HostPort.TryParse(text, DefaultPort, out var peer) ? peer : throw new FormatException($"'{text}' is no peer."))],
        Port = settings.PeerPort,
        BindAddress = settings.BindAddress,
    };
}
