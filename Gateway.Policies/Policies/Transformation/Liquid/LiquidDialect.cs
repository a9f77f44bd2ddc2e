using System.Collections.Frozen;
using System.Globalization;
using Fluid;
using Fluid.Values;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>What templates may use.</summary>
internal static class LiquidDialect
{
    /// <summary>Where the bound of texts stands among the values of a run.</summary>
    public const string LimitKey = "limit";

    private static readonly FrozenSet<string> s_blocks = new[]
    {
        "if", "unless", "for", "case", "capture", "comment", "raw", "tablerow", "ifchanged", "macro", LiquidParser.ArrayTag,
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] s_filters =
    [
        "Abs", "Append", "AtLeast", "AtMost", "Capitalize", "Compact", "Default", "DividedBy", "Downcase", "Escape", "First", "Last", "Lstrip", "Map", "Minus",
        "Modulo", "NewlineToBr", "Plus", "Prepend", "Remove", "RemoveFirst", "ReplaceFirst", "Round", "Rstrip", "Size", "Slice", "Sort", "Split", "Strip",
        "StripHtml", "StripNewlines", "Times", "Truncate", "TruncateWords", "Uniq", "Upcase", "UrlDecode", "UrlEncode",
    ];

    /// <summary>Reads templates.</summary>
    public static LiquidParser Parser { get; } = new();

    /// <summary>Filters and settings of all runs.</summary>
    public static TemplateOptions Options { get; } = MakeOptions();

    /// <summary>True when a tag that begins with this text has an end tag.</summary>
    public static bool OpensBlock(ReadOnlySpan<char> tag)
    {
        var end = tag.IndexOfAny(" \t\r\n-%");
        return s_blocks.GetAlternateLookup<ReadOnlySpan<char>>().Contains(end < 0 ? tag : tag[..end]);
    }

    /// <summary>Ends a run whose text is too long.</summary>
    public static void CheckLength(long length, int limit)
    {
        if (length > limit)
        {
            throw new InvalidOperationException($"The template makes a text that is longer than {limit} characters.");
        }
    }

    /// <summary>The bound of texts of a run.</summary>
    public static int LimitOf(TemplateContext context) => (int)context.AmbientValues[LimitKey];

    private static TemplateOptions MakeOptions()
    {
        var options = new TemplateOptions
        {
            CultureInfo = CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
            MaxRecursion = 64,
            Assigned = static (_, value, context) => new(Charged(value, context)),
            Captured = static (_, value, context) => new(Charged(value, context)),
        };
        var known = options.Filters.ToDictionary(filter => filter.Key, filter => filter.Value);
        options.Filters.Clear();
        foreach (var name in s_filters)
        {
            var filter = known[SnakeCase(name)];
            options.Filters.AddFilter(name, (input, arguments, context) => Charge(filter, input, arguments, context));
        }

        options.Filters.AddFilter("H", (input, arguments, context) => Charge(known["escape"], input, arguments, context));
        options.Filters.AddFilter("Currency", LiquidFilters.Currency);
        options.Filters.AddFilter("Date", LiquidFilters.Date);
        options.Filters.AddFilter("Join", (input, arguments, context) => LiquidFilters.Join(known["join"], input, arguments, context));
        options.Filters.AddFilter("Replace", (input, arguments, context) => LiquidFilters.Replace(known["replace"], input, arguments, context));
        return options;
    }

    /// <summary>Runs a filter, and charges for what it makes.</summary>
    public static ValueTask<FluidValue> Charge(FilterDelegate filter, FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        context.IncrementSteps();
        Budget.Spend(Budget.Step);
        var result = filter(input, arguments, context);
        return result.IsCompletedSuccessfully ? new(Charged(result.Result, context)) : result;
    }

    /// <summary>A text that became longer than a body may be ends the run before it is doubled again.</summary>
    private static FluidValue Charged(FluidValue value, TemplateContext context)
    {
        if (value is StringValue)
        {
            var length = value.ToStringValue().Length;
            CheckLength(length, LimitOf(context));
            Budget.Spend(length / 16);
        }

        return value;
    }

    private static string SnakeCase(string name) => name switch
    {
        "Lstrip" or "Rstrip" => name.ToLowerInvariant(),
        "TruncateWords" => "truncatewords",
        _ => string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? $"{(i == 0 ? "" : "_")}{char.ToLowerInvariant(c)}" : c.ToString())),
    };
}
