using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Cli.Apply;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Samples;

/// <summary>The sample API: a folder like any other, with the port of the backend that runs beside it put in.</summary>
internal static class Sample
{
    private const string Backend = "/backends/petstore";
    private const string Subscription = "/subscriptions/sample";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "samples", "petstore");

    /// <summary>Applies it; the subscription gets keys that only this installation has. The answer is the catalog version.</summary>
    public static async Task<long> ApplyAsync(ManagementClient client, int backendPort, Output output, CancellationToken cancellationToken)
    {
        var quiet = output with { Result = TextWriter.Null };
        return await FolderApplier.ApplyAsync(Folder, client, quiet, cancellationToken, change =>
        {
            if (change.Id == Backend)
            {
                change.Properties["url"] = Url(backendPort);
            }
        }) ?? throw new ExitException(ExitCodes.Refused, "The sample could not be applied; --no-sample starts without it.");
    }

    /// <summary>The sample's subscription key; null when there is no sample any more.</summary>
    public static async Task<string?> KeyAsync(ManagementClient client, CancellationToken cancellationToken)
    {
        var keys = await client.FindAsync(HttpMethod.Post, $"{Subscription}/listSecrets", cancellationToken);
        return (string?)keys?["primaryKey"];
    }

    /// <summary>Points the sample to a backend that had to move to another port; leaves alone what somebody pointed elsewhere. The answer is the catalog version, 0 when nothing changed.</summary>
    public static async Task<long> MoveBackendAsync(ManagementClient client, int from, int to, CancellationToken cancellationToken)
    {
        var backend = await client.FindAsync(HttpMethod.Get, Backend, cancellationToken);
        if ((string?)backend?["properties"]?["url"] != Url(from))
        {
            return 0;
        }

        var change = new JsonObject { ["op"] = "patch", ["id"] = Backend, ["properties"] = new JsonObject { ["url"] = Url(to) } };
        var answer = await client.CommitAsync(new JsonObject { ["changes"] = new JsonArray(change) }, cancellationToken);
        return answer.Errors.Count == 0
            ? answer.Version
            : throw new ExitException(ExitCodes.Refused, $"The sample's backend could not be moved to port {to}: {answer.Errors[0].Message}");
    }

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
