using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Networks;

/// <summary>A machine of its own, as far as the network goes: a Linux network namespace with an address in each network.</summary>
internal sealed class NetworkNamespace(string name, IPAddress siteAddress, IPAddress backendAddress, string siteLink)
{
    private const int NewNetwork = 0x40000000;

    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>Its address in the site's network.</summary>
    public IPAddress SiteAddress { get; } = siteAddress;

    /// <summary>Its address in the backends' network.</summary>
    public IPAddress BackendAddress { get; } = backendAddress;

    /// <summary>The end of its cable that lies in the switch of the site's network.</summary>
    public string SiteLink { get; } = siteLink;

    /// <summary>Starts one of the product's programs there.</summary>
    public ChildProcess Start(string program, IReadOnlyDictionary<string, string> environment) =>
        ChildProcess.Start("ip", ["netns", "exec", Name, "dotnet", Programs.PathOf(program)], environment);

    /// <summary>A client whose connections are made there.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancellationToken) => new NetworkStream(await ConnectAsync(context.DnsEndPoint, cancellationToken), ownsSocket: true),
    })
    { Timeout = TimeSpan.FromSeconds(40) };

    // A thread enters the namespace, and ends there; the socket that it made stays one of that namespace.
    private Task<Socket> ConnectAsync(DnsEndPoint to, CancellationToken cancellationToken)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            var socket = default(Socket);
            try
            {
                Enter();
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Connect(IPAddress.Parse(to.Host), to.Port);
                made.SetResult(socket);
            }
            catch (Exception failure) when (failure is SocketException or Win32Exception or IOException)
            {
                socket?.Dispose();
                made.SetException(failure);
            }
        })
        { IsBackground = true };
        thread.Start();
        return made.Task.WaitAsync(cancellationToken);
    }

    private void Enter()
    {
        using var handle = File.OpenHandle($"/var/run/netns/{Name}");
        if (SetNamespace((int)handle.DangerousGetHandle(), NewNetwork) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(int handle, int type);
}
