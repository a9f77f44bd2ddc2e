using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Hosting.Data;

namespace Gateway.Cli.Data;

/// <summary>What <c>run.json</c> says about a running gateway. Scripts rely on the names.</summary>
public sealed record RunFile
{
    /// <summary>The process.</summary>
    public required int Pid { get; init; }

    /// <summary>The gateway's http URL.</summary>
    public required string Gateway { get; init; }

    /// <summary>The gateway's https URL.</summary>
    public required string GatewayTls { get; init; }

    /// <summary>The management API's http URL.</summary>
    public required string Management { get; init; }

    /// <summary>The management API's https URL.</summary>
    public required string ManagementTls { get; init; }

    /// <summary>Metrics and health.</summary>
    public required string Diagnostics { get; init; }

    /// <summary>The file with the token of the management API.</summary>
    public required string AdminTokenFile { get; init; }

    /// <summary>The certificates to trust for the https URLs.</summary>
    public required string CaFile { get; init; }

    /// <summary>The publication in force when the gateway became ready.</summary>
    public required RunPublication Publication { get; init; }

    /// <summary>Writes the file, 0600, in one step.</summary>
    public void Write(string path) =>
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, RunFileJson.Default.RunFile));

    /// <summary>Reads the file; null when it is not there.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static RunFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RunFileJson.Default.RunFile);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>The name of a publication.</summary>
/// <param name="Lineage">The line of one catalog's life.</param>
/// <param name="Number">The number in it.</param>
public sealed record RunPublication(string Lineage, long Number);

/// <summary>The JSON shape of <see cref="RunFile"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RunFile))]
internal sealed partial class RunFileJson : JsonSerializerContext;
