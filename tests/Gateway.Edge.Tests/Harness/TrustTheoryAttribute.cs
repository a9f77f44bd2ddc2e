namespace Gateway.Edge.Tests.Harness;

/// <summary>A theory that needs <see cref="TrustedAuthority"/>.</summary>
internal sealed class TrustTheoryAttribute : TheoryAttribute
{
    public const string Reason = "Only on Linux can a process trust an authority for itself.";

    public TrustTheoryAttribute()
    {
        if (!TrustedAuthority.IsTrusted)
        {
            Skip = Reason;
        }
    }
}
