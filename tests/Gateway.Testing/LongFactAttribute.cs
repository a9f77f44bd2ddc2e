namespace Gateway.Testing;

/// <summary>
/// A test that takes minutes. It runs only when the environment variable <c>GATEWAY_TESTS</c> is <c>full</c>, as
/// <c>.ci/run --full</c> sets it.
/// </summary>
public sealed class LongFactAttribute : Xunit.FactAttribute
{
    /// <summary>Skips, with the reason, unless long tests were asked for.</summary>
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("GATEWAY_TESTS") != "full")
        {
            Skip = "A long test: set GATEWAY_TESTS=full to run it.";
        }
    }
}
