using System.Globalization;
using System.Text.Encodings.Web;
using Fluid.Values;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>A date that was a text of the body; its own text is that of .NET, <c>12/31/2099 23:59:59</c>.</summary>
/// <param name="value">The date.</param>
internal sealed class LiquidDate(DateTimeOffset value) : FluidValue
{
    /// <summary>The date.</summary>
    public DateTimeOffset Value => value;

    /// <inheritdoc/>
    public override FluidValues Type => FluidValues.DateTime;

    /// <inheritdoc/>
    public override bool Equals(FluidValue other) => other is LiquidDate date ? date.Value == value : other.ToStringValue() == ToStringValue();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FluidValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <inheritdoc/>
    public override bool ToBooleanValue() => true;

    /// <inheritdoc/>
    public override decimal ToNumberValue() => value.ToUnixTimeSeconds();

    /// <inheritdoc/>
    public override string ToStringValue() => value.DateTime.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override object ToObjectValue() => value;

    /// <inheritdoc/>
    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
        writer.Write(ToStringValue());
        return ValueTask.CompletedTask;
    }
}
