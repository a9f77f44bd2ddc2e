using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Hosting.Data;

namespace Gateway.Cli.Data;

/// <summary>
/// What the data folder remembers beside the store: whether this is the first start, and how far the catalog had come, so
/// that a store which lost its files, or a part of them, is noticed instead of starting over.
/// </summary>
internal sealed record StateFile
{
    private const string Name = "state.json";

    /// <summary>True once the first start was completed.</summary>
    [JsonPropertyName("started")]
    public bool Started { get; init; }

    /// <summary>The lineage of the catalog; null before the first start was completed.</summary>
    [JsonPropertyName("lineage")]
    public string? Lineage { get; init; }

    /// <summary>A catalog version that the store has confirmed.</summary>
    [JsonPropertyName("version")]
    public long Version { get; init; }

    /// <summary>What the folder holds; the initial state when it is new.</summary>
    public static StateFile Load(DataFolder folder)
    {
        if (!File.Exists(folder.In(Name)))
        {
            return new StateFile();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(folder.In(Name)), StateFileJson.Default.StateFile)
                ?? throw folder.Damaged(Name, "it is empty");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw folder.Damaged(Name, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Keeps this state.</summary>
    public void Save(DataFolder folder) =>
        PrivateFile.Write(folder.In(Name), JsonSerializer.SerializeToUtf8Bytes(this, StateFileJson.Default.StateFile));
}

/// <summary>The JSON shape of <see cref="StateFile"/>.</summary>
[JsonSerializable(typeof(StateFile))]
internal sealed partial class StateFileJson : JsonSerializerContext;
