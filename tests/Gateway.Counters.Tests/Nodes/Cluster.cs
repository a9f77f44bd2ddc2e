using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Engine;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>The silos of the site and who of them sees whom, and the edges.</summary>
internal sealed class Cluster(World world)
{
    private readonly Dictionary<string, EdgeNode> _lives = [];
    private int _views;

    /// <summary>All silos that ever were.</summary>
    public List<SiloNode> Silos { get; } = [];

    /// <summary>All lives of edges that ever were.</summary>
    public IReadOnlyCollection<EdgeNode> Lives => _lives.Values;

    public void Add(EdgeNode edge) => _lives[edge.Name] = edge;

    /// <summary>A life of an edge by its name.</summary>
    public EdgeNode Life(string name) => _lives[name];

    /// <summary>A life of an edge by its id.</summary>
    public EdgeNode Life(Guid id) => _lives.Values.First(edge => edge.Id == id);

    /// <summary>The edge of an address.</summary>
    public ICounterEdge Edge(GrainId id) => _lives[id.Key.ToString()!].Reference;

    /// <summary>A silo to which an edge has a connection; null for none.</summary>
    public SiloNode? Gateway(EdgeNode edge)
    {
        var open = Silos.Where(silo => !silo.IsDead && !world.Network.IsCut(edge, silo)).ToArray();
        return open.Length == 0 ? null : open[world.Random.Next(open.Length)];
    }

    /// <summary>A silo starts; the others see it a little later, and it sees them.</summary>
    public void Join(SiloNode silo)
    {
        Silos.Add(silo);
        silo.See(Silos.Where(other => other == silo || !other.IsDead));
        foreach (var other in Silos.Where(other => other != silo))
        {
            world.Timeline.After(world.Random.NextInt64(Timeline.Second), () =>
            {
                // It may be leaving again by then, and the others know.
                if (!silo.IsDead && !silo.IsStopping)
                {
                    other.See(other.View.Append(silo));
                }
            });
        }
    }

    /// <summary>All that live see each other; who was suspected and lives is not given up any more.</summary>
    public void SeeAll()
    {
        _views++;
        var living = Silos.Where(silo => !silo.IsDead && !silo.IsStopping).ToArray();
        Array.ForEach(living, silo => silo.See(living));
    }

    /// <summary>The others count a silo as gone from then on; a silo that is not, ends itself when it hears of that.</summary>
    public void Evict(SiloNode silo, long after)
    {
        var views = _views;
        foreach (var other in Silos.Where(other => other != silo))
        {
            world.Timeline.After(after + world.Random.NextInt64(Timeline.Second / 5), () =>
            {
                if (silo.IsDead || views == _views)
                {
                    other.See(other.View.Where(seen => seen != silo));
                }
            });
        }
    }
}
