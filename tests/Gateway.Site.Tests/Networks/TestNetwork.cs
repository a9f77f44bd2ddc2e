using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Gateway.Site.Tests.Networks;

/// <summary>
/// Two networks on this machine: the site's, which can be cut, and one between edges and their backend, which cannot. The site's network is two
/// switches without a connection; a machine is plugged into one of them. Redis and the test are at the first.
/// </summary>
internal sealed class TestNetwork : IDisposable
{
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"gw{Environment.ProcessId}");
    private readonly List<string> _namespaces = [];

    public TestNetwork()
    {
        RemoveLeftovers();
        AddSwitch(Switch, SiteAddress);
        AddSwitch(OtherSwitch, null);
        AddSwitch(BackendSwitch, BackendAddress);
    }

    /// <summary>This test in the site's network.</summary>
    public IPAddress SiteAddress { get; } = IPAddress.Parse("10.213.0.1");

    /// <summary>This test in the backends' network.</summary>
    public IPAddress BackendAddress { get; } = IPAddress.Parse("10.214.0.1");

    private string Switch => _prefix + "a";

    private string OtherSwitch => _prefix + "b";

    private string BackendSwitch => _prefix + "c";

    /// <summary>Null when networks can be made here, else why not.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "Network namespaces need Linux and root.";
        }

        try
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"gw{Environment.ProcessId}try");
            Run("netns", "add", name);
            Run("netns", "del", name);
            return null;
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"Network namespaces cannot be made here: {failure.Message}";
        }
    }

    /// <summary>Adds a machine.</summary>
    public NetworkNamespace Add()
    {
        var number = _namespaces.Count + 2;
        var name = string.Create(CultureInfo.InvariantCulture, $"{_prefix}n{number}");
        Run("netns", "add", name);
        _namespaces.Add(name);
        Run("-n", name, "link", "set", "lo", "up");
        var site = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.213.0.{number}"));
        Plug(name, $"{name}s", "site", Switch, site);
        var backend = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.214.0.{number}"));
        Plug(name, $"{name}b", "backend", BackendSwitch, backend);
        return new NetworkNamespace(name, site, backend, $"{name}s");
    }

    /// <summary>Puts machines behind the cut: they reach each other, and nobody else of the site.</summary>
    public void Cut(params IEnumerable<NetworkNamespace> machines) => Move(machines, OtherSwitch);

    /// <summary>Puts them back.</summary>
    public void Heal(params IEnumerable<NetworkNamespace> machines) => Move(machines, Switch);

    /// <summary>Two machines do not reach each other any more, but everybody else; with <paramref name="oneWay"/> only the second not the first.</summary>
    public static void Separate(NetworkNamespace one, NetworkNamespace other, bool oneWay = false) => Route("add", one, other, oneWay);

    /// <summary>They do again.</summary>
    public static void Join(NetworkNamespace one, NetworkNamespace other, bool oneWay = false) => Route("del", one, other, oneWay);

    public void Dispose()
    {
        foreach (var name in _namespaces)
        {
            Run("netns", "del", name);
        }

        foreach (var name in (string[])[Switch, OtherSwitch, BackendSwitch])
        {
            Run("link", "del", name);
        }
    }

    private static void Move(IEnumerable<NetworkNamespace> machines, string into)
    {
        foreach (var machine in machines)
        {
            Run("link", "set", machine.SiteLink, "master", into);
        }
    }

    // What is sent goes nowhere, and nobody is told.
    private static void Route(string verb, NetworkNamespace one, NetworkNamespace other, bool oneWay)
    {
        Run("-n", other.Name, "route", verb, "blackhole", $"{one.SiteAddress}/32");
        if (!oneWay)
        {
            Run("-n", one.Name, "route", verb, "blackhole", $"{other.SiteAddress}/32");
        }
    }

    private static void AddSwitch(string name, IPAddress? address)
    {
        Run("link", "add", name, "type", "bridge");
        Run("link", "set", name, "up");
        if (address is not null)
        {
            Run("addr", "add", $"{address}/24", "dev", name);
        }
    }

    private static void Plug(string name, string link, string inside, string into, IPAddress address)
    {
        Run("link", "add", link, "type", "veth", "peer", "name", inside, "netns", name);
        Run("link", "set", link, "master", into, "up");
        Run("-n", name, "addr", "add", $"{address}/24", "dev", inside);
        Run("-n", name, "link", "set", inside, "up");
    }

    // Of test processes that were killed.
    private static void RemoveLeftovers()
    {
        const string folder = "/var/run/netns";
        var names = Directory.Exists(folder) ? Directory.GetFiles(folder, "gw*n*").Select(file => Path.GetFileName(file)) : [];
        foreach (var name in names.Where(name => IsDead(name[2..name.IndexOf('n', StringComparison.Ordinal)])))
        {
            Run("netns", "del", name);
        }

        foreach (var link in Directory.GetDirectories("/sys/class/net", "gw*").Select(path => Path.GetFileName(path)).Where(link => link[^1] is 'a' or 'b' or 'c' && IsDead(link[2..^1])))
        {
            Run("link", "del", link);
        }
    }

    private static bool IsDead(string process) => int.TryParse(process, CultureInfo.InvariantCulture, out var id) && !Directory.Exists($"/proc/{id}");

    private static void Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true }) ?? throw new InvalidOperationException("ip did not start.");
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {said.Trim()}");
        }
    }
}
