using System.Globalization;
using System.Text;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Makes writers that hold no more than there is memory for.</summary>
public static class ChargedStringWriter
{
    /// <summary><c>new StringWriter()</c>.</summary>
    public static StringWriter New() => New(CultureInfo.InvariantCulture);

    /// <summary><c>new StringWriter(provider)</c>.</summary>
    public static StringWriter New(IFormatProvider? formatProvider) => new(ChargedStringBuilder.New(), formatProvider);

    /// <summary><c>new StringWriter(builder)</c>.</summary>
    public static StringWriter New(StringBuilder sb) => new(sb, CultureInfo.InvariantCulture);
}
