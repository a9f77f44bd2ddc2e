using BenchmarkDotNet.Attributes;
using Gateway.Edge.Callers;
using Gateway.Edge.Models;

namespace Gateway.Benchmarks.RequestPath;

/// <summary>Finding the caller of a request by its key, among 10 000 subscriptions.</summary>
public class CallerBenchmark
{
    private readonly DefaultHttpContext _header = new();
    private readonly DefaultHttpContext _query = new();
    private readonly DefaultHttpContext _unknown = new();
    private PublicationModel _publication = null!;
    private ApiModel _api = null!;

    /// <summary>Builds the publication and the requests.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _publication = SamplePublication.Build(apis: 1);
        _api = _publication.AllApis.Single();
        _header.Request.Headers["Ocp-Apim-Subscription-Key"] = SamplePublication.Key(4711);
        _query.Request.QueryString = new QueryString($"?page=3&subscription-key={SamplePublication.Key(4711)}");
        _unknown.Request.Headers["Ocp-Apim-Subscription-Key"] = "nobody";
        if (Header() is false || Query() is false || Unknown())
        {
            throw new InvalidOperationException("The keys do not open what they should.");
        }
    }

    /// <summary>A good key in the header.</summary>
    [Benchmark]
    public bool Header() => IsAdmitted(_header);

    /// <summary>A good key in the query.</summary>
    [Benchmark]
    public bool Query() => IsAdmitted(_query);

    /// <summary>A key of nobody.</summary>
    [Benchmark]
    public bool Unknown() => IsAdmitted(_unknown);

    private bool IsAdmitted(HttpContext context) =>
        Caller.Find(_publication.Callers, _api, context.Request).Verdict == CallerVerdict.Admitted;
}
