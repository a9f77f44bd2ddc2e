using System.Text;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Makes texts that are no longer than the memory that is left.</summary>
internal static class BoundedText
{
    /// <summary>The longest text that there is memory for.</summary>
    public static int MaximumLength => (int)Math.Clamp(Budget.BytesLeft / 2, 1, int.MaxValue / 4);

    /// <summary>What was written.</summary>
    public static string Write(Action<StringBuilder> write)
    {
        var most = MaximumLength;
        var builder = new StringBuilder(Math.Min(256, most), most);
        try
        {
            write(builder);
        }
        catch (ArgumentOutOfRangeException) when (builder.Length > most / 2)
        {
            throw Budget.Exhaust("The expressions of this request allocate too much memory.");
        }

        return builder.ToString().Made()!;
    }
}
