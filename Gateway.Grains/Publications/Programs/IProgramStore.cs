namespace Gateway.Grains.Publications.Programs;

/// <summary>Images of programs that were compiled once, for all gateways and silos of the service. Failures of the store are exceptions of its client.</summary>
internal interface IProgramStore
{
    /// <summary>The image; null when it is not kept, or not under this site's key.</summary>
    /// <param name="id">Key and ABI of the program.</param>
    Task<byte[]?> FindAsync(string id);

    /// <summary>Keeps an image; one that nobody asks for is forgotten after a while.</summary>
    Task KeepAsync(string id, byte[] image);

    /// <summary>True when the caller is the one to compile; false while another silo does.</summary>
    /// <param name="id">Key and ABI of the program.</param>
    /// <param name="claimant">Names the caller, and nobody else.</param>
    /// <param name="life">When the claim ends unless it is renewed before.</param>
    Task<bool> ClaimAsync(string id, string claimant, TimeSpan life);

    /// <summary>Lets a claim of the caller last as long again; one that has ended stays so.</summary>
    Task RenewAsync(string id, string claimant, TimeSpan life);

    /// <summary>Ends a claim of the caller; that of another stays.</summary>
    Task ReleaseAsync(string id, string claimant);
}
