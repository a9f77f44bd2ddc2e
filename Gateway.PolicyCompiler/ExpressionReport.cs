using Gateway.Policies.Documents;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.PolicyCompiler;

/// <summary>Says what is wrong with expressions where they stand in the document that was saved.</summary>
internal static class ExpressionReport
{
    private const string Hidden = "The expression is not correct with the named values that stand in it.";

    /// <summary>What the compiler advises authors of programs, who can do so.</summary>
    private const string Advice = " (are you missing a using directive or an assembly reference?)";

    /// <summary>Adds the findings at every place of each expression.</summary>
    public static void Add(PolicyDiagnostics diagnostics, DocumentReading reading, ExpressionFindings findings)
    {
        foreach (var expression in reading.Expressions)
        {
            HashSet<string>? secrets = null;
            foreach (var finding in findings.DiagnosticsOf(expression.Text))
            {
                secrets ??= WordsOfNamedValues(expression);
                var offset = Math.Clamp(finding.Offset, 0, expression.Text.Length - 1);
                var (line, column) = reading.Source.Position(expression.SourceOf(offset));
                diagnostics.Add(new(expression.Element, line, column, Tells(finding.Message, secrets) ? Hidden : Sentence(finding.Message)) { Kind = PolicyFinding.BadExpression });
            }
        }
    }

    private static string Sentence(string message)
    {
        var sentence = message.Replace(Advice, "", StringComparison.Ordinal);
        return sentence.EndsWith('.') ? sentence : $"{sentence}.";
    }

    /// <summary>
    /// The compiler names what it does not know, and a name may be a named value, or a part of one. It puts names in quotes; plain words outside
    /// of them are its own.
    /// </summary>
    private static bool Tells(string message, HashSet<string> secrets)
    {
        var (first, last) = (message.IndexOf('\''), message.LastIndexOf('\''));
        return secrets.Count > 0 && Words(message).Any(word =>
            secrets.Contains(message[word]) && ((word.Start.Value > first && word.End.Value <= last) || !message[word].All(char.IsAsciiLetterLower)));
    }

    private static HashSet<string> WordsOfNamedValues(ExpressionText expression)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in Words(expression.Text))
        {
            var (start, length) = word.GetOffsetAndLength(expression.Text.Length);
            if (Enumerable.Range(start, length).Any(expression.IsNamedValue))
            {
                words.Add(expression.Text[word]);
            }
        }

        return words;
    }

    private static IEnumerable<Range> Words(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '_'))
            {
                i++;
            }

            if (i > start)
            {
                yield return start..i;
            }
        }
    }
}
