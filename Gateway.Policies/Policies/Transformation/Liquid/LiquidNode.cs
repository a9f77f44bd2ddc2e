using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>Something with members: an object of JSON, an element of XML, a part of the context. Made as far as it is looked at.</summary>
/// <param name="find">The member of a name; null when there is none.</param>
/// <param name="list">The members in order, for loops.</param>
/// <param name="text">What it is as text.</param>
internal sealed class LiquidNode(Func<string, FluidValue?> find, Func<IEnumerable<KeyValuePair<string, FluidValue>>>? list = null, string text = "") : FluidValue
{
    /// <summary>The members in order.</summary>
    public IEnumerable<KeyValuePair<string, FluidValue>> Members => list?.Invoke() ?? [];

    /// <inheritdoc/>
    public override FluidValues Type => FluidValues.Dictionary;

    /// <summary>A node of members that are known.</summary>
    public static LiquidNode Of(IReadOnlyDictionary<string, FluidValue> members, string text = "") =>
        new(members.GetValueOrDefault, () => members, text);

    /// <inheritdoc/>
    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) =>
        find(name) ?? (name is "size" ? NumberValue.Create(Members.Count()) : NilValue.Instance);

    /// <inheritdoc/>
    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) => GetValueAsync(index.ToStringValue(), context);

    /// <inheritdoc/>
    public override bool Contains(FluidValue value) => find(value.ToStringValue()) is not null;

    /// <inheritdoc/>
    public override IEnumerable<FluidValue> Enumerate(TemplateContext context) => Members.Select(member => new LiquidNode(name => name switch
    {
        "Key" or "key" or "0" => new StringValue(member.Key),
        "Value" or "value" or "1" => member.Value,
        _ => null,
    }));

    /// <inheritdoc/>
    public override bool Equals(FluidValue other) => ReferenceEquals(this, other) || (text.Length > 0 && other.ToStringValue() == text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FluidValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool ToBooleanValue() => true;

    /// <inheritdoc/>
    public override decimal ToNumberValue() => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <inheritdoc/>
    public override string ToStringValue() => text;

    /// <inheritdoc/>
    public override object ToObjectValue() => this;

    /// <inheritdoc/>
    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
        writer.Write(text);
        return ValueTask.CompletedTask;
    }
}
