using System.Text;
using Fluid;
using Fluid.Values;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Budgets;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>
/// A template in Liquid, in the dialect of the reference product: filters and properties in PascalCase, dates by the formats of .NET. Read once,
/// shared by all requests. It runs on the expressions' budget of its request, and its text is bounded as bodies are.
/// </summary>
internal sealed class LiquidTemplate
{
    /// <summary>The longest tag or output, in characters, and how deep tags may be nested: reading is recursive.</summary>
    private const int LongestTag = 4096;

    private const int DeepestTag = 64;

    private const string BodyName = "body";

    private readonly IFluidTemplate _template;
    private readonly LiquidBody? _body;

    private LiquidTemplate(IFluidTemplate template, LiquidBody? body) => (_template, _body) = (template, body);

    /// <summary>True when it needs the body in memory: it speaks of it, and sees one.</summary>
    public bool ReadsBody => _body is not null;

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="body">How it sees the body; null when it sees none.</param>
    /// <param name="template">The template.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? TryRead(string text, LiquidBody? body, out LiquidTemplate? template)
    {
        template = null;
        if (Measure(text, out var speaksOfBody) is { } excess)
        {
            return excess;
        }

        if (!LiquidDialect.Parser.TryParse(text, out var read, out var error))
        {
            return $"The template cannot be read: {error.ReplaceLineEndings(" ")}";
        }

        template = new(new LiquidRewriter().VisitTemplate(read), speaksOfBody ? body : null);
        return null;
    }

    /// <summary>What the template makes of a request, in UTF-8.</summary>
    /// <exception cref="PolicyException">It uses something in a way that fails, or more than the request's expressions may.</exception>
    public ReadOnlyMemory<byte> Render(PolicyContext context, string policy)
    {
        var seen = context.Expressions;
        return ExpressionCall.Run(_ => Render(context), seen, seen.Budget, policy);
    }

    private ReadOnlyMemory<byte> Render(PolicyContext context)
    {
        var values = new TemplateContext(LiquidDialect.Options) { MaxSteps = (int)Math.Min(context.ExpressionLimits.Steps, int.MaxValue) };
        values.AmbientValues[LiquidDialect.LimitKey] = context.BodyLimit;
        values.SetValue("context", LiquidContext.Of(context));
        values.SetValue(BodyName, _body?.Read(context) ?? NilValue.Instance);
        using var text = new LiquidWriter(context.BodyLimit);
        var run = _template.RenderAsync(text, NullEncoder.Default, values);
        if (!run.IsCompleted)
        {
            throw new InvalidOperationException("A template waits for something, which none may.");
        }

        run.GetAwaiter().GetResult();
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string? Measure(string text, out bool speaksOfBody)
    {
        speaksOfBody = false;
        var depth = 0;
        for (var at = 0; (at = text.IndexOf('{', at)) >= 0 && at + 1 < text.Length;)
        {
            var isTag = text[at + 1] == '%';
            if (!isTag && text[at + 1] != '{')
            {
                at++;
                continue;
            }

            var end = text.IndexOf(isTag ? "%}" : "}}", at, StringComparison.Ordinal);
            if (end < 0)
            {
                end = text.Length;
            }

            if (end - at > LongestTag)
            {
                return $"A tag of a template may have {LongestTag} characters at most.";
            }

            speaksOfBody |= text.AsSpan(at, end - at).Contains(BodyName, StringComparison.Ordinal);
            var name = text.AsSpan(at + 2, Math.Max(0, Math.Min(end, text.Length) - at - 2)).TrimStart("- \t\r\n");
            depth += !isTag ? 0 : name.StartsWith("end", StringComparison.OrdinalIgnoreCase) ? -1 : LiquidDialect.OpensBlock(name) ? 1 : 0;
            if (depth > DeepestTag)
            {
                return $"Tags of a template may be nested {DeepestTag} deep at most.";
            }

            at = end;
        }

        return null;
    }
}
