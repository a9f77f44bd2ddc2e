namespace Gateway.Contracts.Publications;

/// <summary>Which publication may follow which. Numbers compare only inside a lineage.</summary>
public static class PublicationOrder
{
    /// <summary>
    /// Null when the manifest may follow what was seen before, else a sentence that says why not. It may when its number is
    /// greater in the same lineage (numbers may be skipped), or when its lineage names the seen one among its predecessors.
    /// </summary>
    /// <param name="seen">The highest publication seen so far; null when none was.</param>
    /// <param name="candidate">The verified manifest.</param>
    /// <param name="orEqual">True where the seen publication itself is welcome too: at a start, before anything is in force.</param>
    public static string? Objection(PublicationId? seen, Manifest candidate, bool orEqual = false)
    {
        if (seen is not { } floor)
        {
            return null;
        }

        if (string.Equals(candidate.Lineage, floor.Lineage, StringComparison.Ordinal))
        {
            return candidate.Number > floor.Number || (orEqual && candidate.Number == floor.Number)
                ? null
                : $"publication {candidate.Id} is not newer than {floor}, which was seen before";
        }

        return candidate.Predecessors.Contains(floor.Lineage, StringComparer.Ordinal)
            ? null
            : $"publication {candidate.Id} is of a lineage that does not continue {floor}, which was seen before";
    }
}
