using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;
using Parlot.Fluent;
using static Parlot.Fluent.Parsers;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>
/// Reads templates. <c>JSONArrayFor item in list … endJSONArrayFor</c> is a loop that puts commas between what its rounds write, but for rounds that
/// write nothing. Over an element of XML, or an object, it goes through the children.
/// </summary>
internal sealed class LiquidParser : FluidParser
{
    /// <summary>The name of the loop.</summary>
    public const string ArrayTag = "JSONArrayFor";

    public LiquidParser() =>
        RegisterParserBlock(ArrayTag, Identifier.AndSkip(Terms.Text("in")).And(Primary), static (loop, statements, writer, encoder, context) =>
            WriteArrayAsync(loop.Item1, loop.Item2, statements, writer, encoder, context));

    private static async ValueTask<Completion> WriteArrayAsync(
        string name, Expression source, IReadOnlyList<Statement> statements, TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        FluidValue[] items = [.. ItemsOf(await source.EvaluateAsync(context), context)];
        var isFirst = true;
        context.EnterForLoopScope();
        try
        {
            for (var i = 0; i < items.Length; i++)
            {
                context.IncrementSteps();
                context.SetValue(name, items[i]);
                context.SetValue("forloop", new ForLoopValue
                {
                    Length = items.Length, Index = i + 1, Index0 = i, RIndex = items.Length - i, RIndex0 = items.Length - i - 1, First = i == 0, Last = i == items.Length - 1,
                });
                using var round = new LiquidWriter(LiquidDialect.LimitOf(context));
                var completion = await WriteAsync(statements, round, encoder, context);
                if (round.ToString() is var text && !string.IsNullOrWhiteSpace(text))
                {
                    writer.Write(isFirst ? text : $",{text}");
                    isFirst = false;
                }

                if (completion == Completion.Break)
                {
                    break;
                }
            }
        }
        finally
        {
            context.ReleaseScope();
        }

        return Completion.Normal;
    }

    private static async ValueTask<Completion> WriteAsync(IReadOnlyList<Statement> statements, TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        foreach (var statement in statements)
        {
            if (await statement.WriteToAsync(writer, encoder, context) is var completion && completion != Completion.Normal)
            {
                return completion;
            }
        }

        return Completion.Normal;
    }

    private static IEnumerable<FluidValue> ItemsOf(FluidValue source, TemplateContext context) => source switch
    {
        _ when source.IsNil() => [],
        LiquidNode node => node.Members.SelectMany(member => member.Value is ArrayValue many ? many.Enumerate(context) : [member.Value]),
        ArrayValue list => list.Enumerate(context),
        _ => [source],
    };
}
