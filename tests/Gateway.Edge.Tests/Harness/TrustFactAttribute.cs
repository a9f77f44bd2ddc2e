namespace Gateway.Edge.Tests.Harness;

/// <summary>A test that needs <see cref="TrustedAuthority"/>.</summary>
internal sealed class TrustFactAttribute : FactAttribute
{
    public TrustFactAttribute()
    {
        if (!TrustedAuthority.IsTrusted)
        {
            Skip = TrustTheoryAttribute.Reason;
        }
    }
}
