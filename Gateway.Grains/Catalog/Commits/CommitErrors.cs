using Gateway.Contracts.Results;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>The findings of a change set, each with the index of its change.</summary>
internal sealed class CommitErrors
{
    /// <summary>A hostile change set must not make an endless answer.</summary>
    public const int Maximum = 1000;

    private readonly List<GatewayError> _errors = [];

    /// <summary>True when nothing was found.</summary>
    public bool IsEmpty => _errors.Count == 0;

    /// <summary>Adds a finding; beyond <see cref="Maximum"/> it is left out.</summary>
    public void Add(int index, ErrorKind code, string message, string? target = null) =>
        Add(new GatewayError(code, message) { Index = index, Target = target });

    /// <summary>Adds a finding that has its index.</summary>
    public void Add(GatewayError error)
    {
        if (_errors.Count < Maximum)
        {
            _errors.Add(error);
        }
    }

    /// <summary>The findings in the order of the changes.</summary>
    public GatewayError[] ToArray() => [.. _errors.OrderBy(error => error.Index)];
}
