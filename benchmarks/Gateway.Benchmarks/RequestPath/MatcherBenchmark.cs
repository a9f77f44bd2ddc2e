using BenchmarkDotNet.Attributes;
using Gateway.Edge.Matching;

namespace Gateway.Benchmarks.RequestPath;

/// <summary>Finding API and operation of a request among 20 operations of each of many APIs.</summary>
public class MatcherBenchmark
{
    private ApiTable _apis = null!;
    private string _parameters = null!;
    private string _wildcard = null!;

    /// <summary>How many APIs there are.</summary>
    [Params(10, 1000)]
    public int Apis { get; set; }

    /// <summary>Builds the publication.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _apis = SamplePublication.Build(Apis).Apis;
        var prefix = $"/team-{Apis / 2 % 20}/api-{Apis / 2}";
        _parameters = $"{prefix}/items-7/4711/parts/12";
        _wildcard = $"{prefix}/files/a/b/c/d.txt";
        if (Parameters() is false || Wildcard() is false || Nothing() is false)
        {
            throw new InvalidOperationException("The paths do not match what they should.");
        }
    }

    /// <summary>A template with two parameters.</summary>
    [Benchmark]
    public bool Parameters() => RequestMatch.Find(_apis, "gateway.example", isHttps: false, "GET", _parameters, default).Operation is not null;

    /// <summary>A template that ends with a wildcard.</summary>
    [Benchmark]
    public bool Wildcard() => RequestMatch.Find(_apis, "gateway.example", isHttps: false, "GET", _wildcard, default).Operation is not null;

    /// <summary>A path of no API.</summary>
    [Benchmark]
    public bool Nothing() => RequestMatch.Find(_apis, "gateway.example", isHttps: false, "GET", "/nobody/knows/this", default).Api is null;
}
