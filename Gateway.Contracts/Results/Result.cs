using System.Diagnostics.CodeAnalysis;

namespace Gateway.Contracts.Results;

/// <summary>A value, or the errors that stood in its way. Exceptions are left to bugs and broken I/O.</summary>
[GenerateSerializer, Immutable, Alias("gw.Result`1")]
public sealed record Result<T>
{
    /// <summary>The value; default when <see cref="Errors"/> is not empty.</summary>
    [Id(0)] public T? Value { get; init; }

    /// <summary>Every finding; empty on success.</summary>
    [Id(1)] public GatewayError[] Errors { get; init; } = [];

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsSuccess => Errors.Length == 0;

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new() { Value = value };

    /// <summary>A failure with one finding.</summary>
    public static implicit operator Result<T>(GatewayError error) => new() { Errors = [error] };

    /// <summary>A failure with all its findings.</summary>
    public static implicit operator Result<T>(GatewayError[] errors) => new() { Errors = errors };
}
