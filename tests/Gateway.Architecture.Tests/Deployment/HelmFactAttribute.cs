namespace Gateway.Architecture.Tests.Deployment;

/// <summary>A test that renders the chart; skipped where helm is not on the path. <c>.ci/run</c> brings it.</summary>
public sealed class HelmFactAttribute : FactAttribute
{
    /// <summary>Skips, with the reason, without helm.</summary>
    public HelmFactAttribute()
    {
        if (!Chart.CanRender)
        {
            Skip = "helm is not on the path.";
        }
    }
}
