namespace Gateway.Edge.Matching;

/// <summary>What one segment of a URL template asks for.</summary>
internal abstract record TemplateSegment
{
    /// <summary>Just this text; case does not count.</summary>
    public sealed record Literal(string Text) : TemplateSegment;

    /// <summary><c>{name}</c>: any one segment that is not empty.</summary>
    public sealed record Parameter(string Name) : TemplateSegment;

    /// <summary><c>*</c> or <c>{*name}</c> at the end: whatever follows the slash, also nothing.</summary>
    public sealed record Wildcard(string? Name) : TemplateSegment;

    /// <summary>
    /// Text and parameters in one segment, as in <c>orders({id})</c>: one text more than names, a name between two texts.
    /// </summary>
    public sealed record Pattern(string[] Texts, string[] Names) : TemplateSegment
    {
        /// <summary>How much text there is: what has more is tried first.</summary>
        public int Weight => Texts.Sum(text => text.Length);

        /// <summary>True when the segment has this form; each parameter takes as little as it can, and at least one character.</summary>
        public bool Matches(ReadOnlySpan<char> segment) => Locate(segment, Names.Length - 1, out _);

        /// <summary>Finds what the parameter with this number (from 0) stands for.</summary>
        public bool Locate(ReadOnlySpan<char> segment, int number, out Range value)
        {
            value = default;
            if (!segment.StartsWith(Texts[0], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            var position = Texts[0].Length;
            for (var index = 0; index < Names.Length; index++)
            {
                var text = Texts[index + 1];
                var last = index == Names.Length - 1;
                var rest = segment[position..];
                var length = last && rest.EndsWith(text, StringComparison.OrdinalIgnoreCase) ? rest.Length - text.Length
                    : last || rest.IsEmpty ? -1
                    : 1 + rest[1..].IndexOf(text, StringComparison.OrdinalIgnoreCase);
                if (length < 1)
                {
                    return false;
                }

                if (index == number)
                {
                    value = position..(position + length);
                }

                position += length + text.Length;
            }

            return true;
        }
    }
}
