using System.Text;
using Gateway.Grains.Catalog;
using Gateway.Hosting.Data;

namespace Gateway.Silo;

/// <summary>Keeps the lineage in the silo's data folder. An operator who wants to begin anew on an empty store removes the file.</summary>
internal sealed class LineageFile(DataFolder data) : ILineageMemory
{
    private const string Name = "catalog-lineage";

    /// <inheritdoc />
    public string? Read() => !File.Exists(data.In(Name)) ? null
        : File.ReadAllText(data.In(Name)).Trim() is { Length: > 0 } lineage ? lineage
        : throw data.Damaged(Name, "it is empty");

    /// <inheritdoc />
    public void Write(string lineage) => PrivateFile.Write(data.In(Name), Encoding.UTF8.GetBytes(lineage + "\n"));
}
