using System.Net.Mime;
using System.Text;
using Gateway.Management.Import;

namespace Gateway.Cli.Up;

/// <summary>
/// Does once what filling the catalog and the first request will do, on the processor that the silo's start leaves idle: code is compiled when it first
/// runs, and afterwards both processors are busy (docs/performance.md).
/// </summary>
internal static class WarmUp
{
    /// <summary>Sends a request through client and server, and reads a document.</summary>
    /// <param name="backendPort">Where the sample's backend listens on 127.0.0.1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">The sample's backend does not answer.</exception>
    public static async Task RunAsync(int backendPort, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var content = new StringContent("{}", Encoding.UTF8, MediaTypeNames.Application.Json);
        using var answer = await client.PostAsync(new Uri($"http://127.0.0.1:{backendPort}/pets"), content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsStringAsync(cancellationToken);
        ImportWarmUp.Run();
    }
}
