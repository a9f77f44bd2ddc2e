using System.Globalization;

namespace Gateway.Grains.Counters.Holding;

/// <summary>The holder of a partition as the store names it.</summary>
/// <param name="Lease">The holder's silo lease; empty when the last holder has released it.</param>
/// <param name="Activation">The activation, so that two in one silo differ.</param>
/// <param name="Epoch">The epoch of its memory.</param>
internal sealed record PartitionOwner(string Lease, string Activation, long Epoch)
{
    /// <summary>True when nobody holds it.</summary>
    public bool IsReleased => Lease.Length == 0;

    /// <summary>Reads the stored form; null for what is none.</summary>
    public static PartitionOwner? Parse(string? text) =>
        text?.Split('|') is [var lease, var activation, var epoch] && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new PartitionOwner(lease, activation, number)
            : null;

    /// <summary>The stored form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lease}|{Activation}|{Epoch}");
}
