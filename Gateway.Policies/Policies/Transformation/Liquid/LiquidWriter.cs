using System.Globalization;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>Takes the text of a template: bounded, and charged to the request.</summary>
/// <param name="limit">The most characters.</param>
internal sealed class LiquidWriter(int limit) : StringWriter(CultureInfo.InvariantCulture)
{
    /// <inheritdoc/>
    public override void Write(char value)
    {
        Take(1);
        base.Write(value);
    }

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count)
    {
        Take(count);
        base.Write(buffer, index, count);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        Take(buffer.Length);
        base.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        Take(value?.Length ?? 0);
        base.Write(value);
    }

    private void Take(int count)
    {
        LiquidDialect.CheckLength((long)GetStringBuilder().Length + count, limit);
        Budget.Spend(8 + (count / 16));
    }
}
