namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>Bodies cannot be judged by a schema.</summary>
/// <param name="message">Why: a sentence.</param>
/// <param name="line">The line of its text, from 1; 0 when that is not known.</param>
/// <param name="column">The column, from 1.</param>
/// <param name="inner">What found out.</param>
internal sealed class UnusableSchemaException(string message, int line = 0, int column = 0, Exception? inner = null) : FormatException(message, inner)
{
    public int Line => line;

    public int Column => column;
}
