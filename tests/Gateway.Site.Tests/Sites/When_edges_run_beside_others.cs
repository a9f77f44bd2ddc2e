using Gateway.Testing;
using Gateway.Testing.Stores;

namespace Gateway.Site.Tests.Sites;

/// <summary>Edges ask the system to let their threads in soon, other programs of the site do not.</summary>
[Collection(nameof(SharedSite))]
public sealed class When_edges_run_beside_others(LocalSite site)
{
    [BesideOthersFact]
    public void Most_of_their_threads_have_short_slices()
    {
        Assert.InRange(ShortShare(site.Edge(0).Id), 0.5, 1);
        Assert.Equal(0, ShortShare(site.Silo(0).Id));
    }

    private static double ShortShare(int process)
    {
        var slices = Directory.GetDirectories($"/proc/{process}/task").Select(TimeSliceFactAttribute.SliceOf).OfType<TimeSpan>().ToList();
        return (double)slices.Count(slice => slice == TimeSpan.FromMicroseconds(100)) / slices.Count;
    }

    private sealed class BesideOthersFactAttribute : FactAttribute
    {
        public BesideOthersFactAttribute() => Skip = new RedisFactAttribute().Skip ?? TimeSliceFactAttribute.SkipReason;
    }
}
