using System.Net;
using System.Text;
using Gateway.Hosting.Data;

namespace Gateway.Edge.Silos;

/// <summary>The silos that were known last, in the data folder: one address and port a line.</summary>
internal static class SavedSilos
{
    private const string Name = "silos";
    private const int MostLines = 1000;

    public static bool Exist(DataFolder data) => File.Exists(data.In(Name));

    /// <summary>What was saved; lines that are not an endpoint are skipped, and no file is an empty list.</summary>
    public static IPEndPoint[] Load(DataFolder data)
    {
        if (!Exist(data))
        {
            return [];
        }

        var silos = new List<IPEndPoint>();
        foreach (var line in File.ReadLines(data.In(Name)).Take(MostLines))
        {
            if (IPEndPoint.TryParse(line.Trim(), out var silo) && silo.Port != 0)
            {
                silos.Add(silo);
            }
        }

        return [.. silos];
    }

    public static void Save(DataFolder data, IReadOnlyCollection<IPEndPoint> silos) =>
        PrivateFile.Write(data.In(Name), Encoding.ASCII.GetBytes(string.Concat(silos.Select(silo => silo + "\n"))));
}
