using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Reads JSON and charges each token.</summary>
internal sealed class JsonChargedReader : JsonTextReader
{
    /// <summary>The deepest nesting of a text.</summary>
    public const int MaximumDepth = 128;

    /// <summary>Reads a text.</summary>
    public JsonChargedReader(string json)
        : base(new StringReader(json)) => MaxDepth = MaximumDepth;

    /// <inheritdoc/>
    public override bool Read()
    {
        Budget.Spend(8);
        return base.Read();
    }
}

/// <summary>Writes JSON as text, no deeper than values may be nested.</summary>
internal sealed class JsonChargedWriter(TextWriter text) : JsonTextWriter(text)
{
    private int _depth;

    /// <inheritdoc/>
    public override void WriteStartObject()
    {
        JsonDepth.Enter(ref _depth);
        base.WriteStartObject();
    }

    /// <inheritdoc/>
    public override void WriteStartArray()
    {
        JsonDepth.Enter(ref _depth);
        base.WriteStartArray();
    }

    /// <inheritdoc/>
    protected override void WriteEnd(JsonToken token)
    {
        _depth--;
        base.WriteEnd(token);
    }
}

/// <summary>Writes JSON as tokens, no deeper than values may be nested.</summary>
internal sealed class JsonChargedTokenWriter : JTokenWriter
{
    private int _depth;

    /// <inheritdoc/>
    public override void WriteStartObject()
    {
        JsonDepth.Enter(ref _depth);
        base.WriteStartObject();
    }

    /// <inheritdoc/>
    public override void WriteStartArray()
    {
        JsonDepth.Enter(ref _depth);
        base.WriteStartArray();
    }

    /// <inheritdoc/>
    public override void WritePropertyName(string name)
    {
        Budget.Spend(8);
        base.WritePropertyName(name);
    }

    /// <inheritdoc/>
    protected override void WriteEnd(JsonToken token)
    {
        _depth--;
        base.WriteEnd(token);
    }
}

/// <summary>Counts how deep a writer is.</summary>
internal static class JsonDepth
{
    /// <summary>One level down.</summary>
    public static void Enter(ref int depth)
    {
        Budget.Spend(16);
        if (++depth > TreeDepth.Maximum)
        {
            throw Budget.Exhaust($"An expression nests JSON or XML deeper than {TreeDepth.Maximum} levels.");
        }
    }
}
