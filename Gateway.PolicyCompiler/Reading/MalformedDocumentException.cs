namespace Gateway.PolicyCompiler.Reading;

/// <summary>The document cannot be read on from here; never leaves the reader.</summary>
internal sealed class MalformedDocumentException(int offset, string message) : Exception(message)
{
    /// <summary>Where in the document.</summary>
    public int Offset { get; } = offset;

    /// <summary>Says that it is no XML.</summary>
    public static MalformedDocumentException NoXml(int offset, string message) => new(offset, $"The document is not well-formed XML: {message}");
}
