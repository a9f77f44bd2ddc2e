namespace Gateway.PolicyCompiler;

/// <summary>Tells policy documents from policy fragments.</summary>
public static class DocumentKinds
{
    /// <summary>True when the outermost element of a text is <c>fragment</c>; the text need not be correct.</summary>
    public static bool IsFragment(string text)
    {
        var at = 0;
        while ((at = text.IndexOf('<', at)) >= 0)
        {
            var rest = text.AsSpan(at);
            var end = rest.StartsWith("<!--") ? "-->" : rest.StartsWith("<?") || rest.StartsWith("<!") ? ">" : null;
            if (end is null)
            {
                return rest.StartsWith("<fragment") && (rest.Length == "<fragment".Length || !char.IsLetterOrDigit(rest["<fragment".Length]) && rest["<fragment".Length] is not ('-' or '_' or '.'));
            }

            var found = text.IndexOf(end, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + end.Length;
        }

        return false;
    }
}
