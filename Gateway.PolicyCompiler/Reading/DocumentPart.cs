namespace Gateway.PolicyCompiler.Reading;

/// <summary>What a part of a document is.</summary>
internal enum DocumentPartKind
{
    /// <summary>What stands before the declaration.</summary>
    Start,

    /// <summary>The content of a comment.</summary>
    Comment,

    /// <summary>The value of an attribute, without its quotes.</summary>
    Attribute,

    /// <summary>Text between tags.</summary>
    Text,

    /// <summary>The text of a template, with the markup in it.</summary>
    Template,
}

/// <summary>A part of a document that may be spelled in another way.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character's offset.</param>
/// <param name="End">The offset behind it.</param>
/// <param name="Expression">The expression that it is; null when it is none.</param>
internal sealed record DocumentPart(DocumentPartKind Kind, int Start, int End, ExpressionText? Expression = null);
