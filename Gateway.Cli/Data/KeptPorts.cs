using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Hosting.Data;

namespace Gateway.Cli.Data;

/// <summary>The ports that are chosen once per data folder and found again at every start.</summary>
internal sealed record KeptPorts
{
    private const string Name = "ports.json";

    /// <summary>The embedded store.</summary>
    [JsonPropertyName("store")]
    public int Store { get; init; }

    /// <summary>Silo to silo.</summary>
    [JsonPropertyName("silo")]
    public int Silo { get; init; }

    /// <summary>Edges to silo.</summary>
    [JsonPropertyName("siloGateway")]
    public int SiloGateway { get; init; }

    /// <summary>The sample's backend; 0 when it never ran.</summary>
    [JsonPropertyName("sampleBackend")]
    public int SampleBackend { get; init; }

    /// <summary>What the folder holds; zeros when it is new.</summary>
    public static KeptPorts Load(DataFolder folder)
    {
        if (!File.Exists(folder.In(Name)))
        {
            return new KeptPorts();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(folder.In(Name)), KeptPortsJson.Default.KeptPorts) is { } kept
                && kept.All().All(port => port is >= 0 and <= 65535)
                ? kept
                : throw folder.Damaged(Name, "it does not hold ports");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw folder.Damaged(Name, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Keeps these ports.</summary>
    public void Save(DataFolder folder) =>
        PrivateFile.Write(folder.In(Name), JsonSerializer.SerializeToUtf8Bytes(this, KeptPortsJson.Default.KeptPorts));

    private int[] All() => [Store, Silo, SiloGateway, SampleBackend];
}

/// <summary>The JSON shape of <see cref="KeptPorts"/>.</summary>
[JsonSerializable(typeof(KeptPorts))]
internal sealed partial class KeptPortsJson : JsonSerializerContext;
