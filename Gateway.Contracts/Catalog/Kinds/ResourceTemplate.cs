namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>A path template below the service: collections and ids in turn, <c>/apis/{apiId}/operations/{operationId}</c>.</summary>
public sealed class ResourceTemplate
{
    private readonly string[] _segments;

    /// <summary>Parses a template; every second segment is an id, or literal for singletons (<c>/policies/policy</c>).</summary>
    public ResourceTemplate(string text)
    {
        Text = text;
        _segments = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Name = string.Join('/', _segments.Where((_, index) => index % 2 == 0));
    }

    /// <summary>The template as written.</summary>
    public string Text { get; }

    /// <summary>The collection names joined by slashes: the ARM type.</summary>
    public string Name { get; }

    /// <summary>How many segments a matching path has.</summary>
    public int Length => _segments.Length;

    /// <summary>True when the last segment is fixed, so that the collection holds one resource.</summary>
    public bool IsSingleton => _segments[^1][0] != '{';

    /// <summary>True when the path is of this template. Literal segments compare without case, ids match anything.</summary>
    public bool Matches(ReadOnlySpan<string> segments)
    {
        if (segments.Length != _segments.Length)
        {
            return false;
        }

        for (var i = 0; i < segments.Length; i++)
        {
            if (_segments[i][0] != '{' && !string.Equals(_segments[i], segments[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The path with its literal segments as the template spells them.</summary>
    public string Canonical(ReadOnlySpan<string> segments)
    {
        var parts = new string[segments.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = _segments[i][0] == '{' ? segments[i] : _segments[i];
        }

        return "/" + string.Join('/', parts);
    }
}
