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
    /// <param name="patience">When the claim ends by itself.</param>
    Task<bool> ClaimAsync(string id, TimeSpan patience);

    /// <summary>Ends the claim of the caller.</summary>
    Task ReleaseAsync(string id);
}
