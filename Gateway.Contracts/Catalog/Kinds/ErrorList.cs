using Gateway.Contracts.Results;

namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>Collects all findings of a check, so that a caller sees every one at once.</summary>
public sealed class ErrorList
{
    /// <summary>A hostile document must not make an endless answer.</summary>
    public const int Maximum = 100;

    private readonly List<GatewayError> _errors = [];

    /// <summary>True when nothing was found.</summary>
    public bool IsEmpty => _errors.Count == 0;

    /// <summary>Adds a finding about a property; beyond <see cref="Maximum"/> it is left out.</summary>
    public void Add(string? target, string message, ErrorKind code = ErrorKind.ValidationError)
    {
        if (_errors.Count < Maximum)
        {
            _errors.Add(new GatewayError(code, message) { Target = target });
        }
    }

    /// <summary>Adds findings of another check.</summary>
    public void AddRange(IEnumerable<GatewayError> errors) => _errors.AddRange(errors.Take(Maximum - _errors.Count));

    /// <summary>The findings, with the index of their change when there is one.</summary>
    public GatewayError[] ToArray(int? index = null) =>
        index is null ? [.. _errors] : [.. _errors.Select(error => error with { Index = index })];
}
