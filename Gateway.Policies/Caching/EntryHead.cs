using System.Runtime.InteropServices;

namespace Gateway.Policies.Caching;

/// <summary>What every entry has.</summary>
/// <param name="Epoch">The epoch in which its request began.</param>
/// <param name="Stored">When it was made.</param>
/// <param name="Fresh">Until when it is new; later it is used only while another is made.</param>
/// <param name="Expires">Until when it may be used.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EntryHead(long Epoch, DateTimeOffset Stored, DateTimeOffset Fresh, DateTimeOffset Expires);
