using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Cli.Data;

/// <summary>The ports that are chosen once per data folder and found again at every start.</summary>
internal sealed record KeptPorts
{
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
        var path = folder.In("ports.json");
        if (!File.Exists(path))
        {
            return new KeptPorts();
        }

        try
        {
            return JsonSerializer.Deserialize(folder.Read(path), KeptPortsJson.Default.KeptPorts) is { } kept
                && kept.All().All(port => port is >= 0 and <= 65535)
                ? kept
                : throw folder.Damaged(path, "it does not hold ports");
        }
        catch (JsonException exception)
        {
            throw folder.Damaged(path, exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>Keeps these ports.</summary>
    public void Save(DataFolder folder) =>
        PrivateFile.Write(folder.In("ports.json"), JsonSerializer.Serialize(this, KeptPortsJson.Default.KeptPorts));

    private int[] All() => [Store, Silo, SiloGateway, SampleBackend];
}

/// <summary>The JSON shape of <see cref="KeptPorts"/>.</summary>
[JsonSerializable(typeof(KeptPorts))]
internal sealed partial class KeptPortsJson : JsonSerializerContext;
