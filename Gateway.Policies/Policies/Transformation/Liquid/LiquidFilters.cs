using System.Globalization;
using Fluid;
using Fluid.Values;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>Filters that the dialect has its own of.</summary>
internal static class LiquidFilters
{
    private const string Now = "now";
    private const string Today = "today";

    /// <summary><c>Date: "yyyy-MM-dd"</c>: by the formats of .NET; what is no date stays as it is.</summary>
    public static ValueTask<FluidValue> Date(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var format = arguments.At(0).ToStringValue();
        return TryRead(input, context, out var date) && format.Length > 0
            ? new StringValue(date.ToString(format, CultureInfo.InvariantCulture))
            : input;
    }

    /// <summary><c>Currency</c>: a number by the culture named, <c>en-US</c> by default.</summary>
    public static ValueTask<FluidValue> Currency(FluidValue input, FilterArguments arguments, TemplateContext context) =>
        decimal.TryParse(input.ToStringValue(), NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
            ? new StringValue(string.Create(CultureInfo.InvariantCulture, $"{(amount < 0 ? "-" : "")}${Math.Abs(amount):N2}"))
            : input;

    /// <summary><c>Join</c>, unless the text would be too long: it is not even made.</summary>
    public static ValueTask<FluidValue> Join(FilterDelegate join, FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var separator = arguments.At(0).ToStringValue().Length;
        LiquidDialect.CheckLength(input is ArrayValue list ? list.Values.Sum(item => (long)separator + item.ToStringValue().Length) : 0, LiquidDialect.LimitOf(context));
        return LiquidDialect.Charge(join, input, arguments, context);
    }

    /// <summary><c>Replace</c>, unless the text would be too long: it is not even made.</summary>
    public static ValueTask<FluidValue> Replace(FilterDelegate replace, FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var (text, from) = (input.ToStringValue(), arguments.At(0).ToStringValue());
        var count = from.Length == 0 ? text.Length + 1 : text.AsSpan().Count(from);
        LiquidDialect.CheckLength(text.Length + ((long)count * arguments.At(1).ToStringValue().Length), LiquidDialect.LimitOf(context));
        return LiquidDialect.Charge(replace, input, arguments, context);
    }

    private static bool TryRead(FluidValue input, TemplateContext context, out DateTimeOffset date)
    {
        switch (input)
        {
            case LiquidDate made:
                date = made.Value;
                return true;
            case DateTimeValue when input.ToObjectValue() is DateTimeOffset known:
                date = known;
                return true;
            case NumberValue when input.ToNumberValue() is >= -62135596800m and <= 253402300799m and var seconds:
                date = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
                return true;
        }

        var text = input.ToStringValue();
        if (text.Equals(Now, StringComparison.OrdinalIgnoreCase) || text.Equals(Today, StringComparison.OrdinalIgnoreCase))
        {
            date = context.Now();
            return true;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
    }
}
