using Gateway.Contracts.Nodes;
using Gateway.Hosting.Data;
using Gateway.Hosting.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Gateway.Hosting.Running;

/// <summary>What a node finds in its process.</summary>
public sealed record NodeEnvironment
{
    /// <summary>Silo or edge.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>The data folder, locked.</summary>
    public required DataFolder Data { get; init; }

    /// <summary>Shown by the process's diagnostics listener.</summary>
    public Readiness Readiness { get; init; } = new();

    /// <summary>Overrides of log levels; null: none.</summary>
    public IConfiguration? Configuration { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ends when the state store can be connected to, if it runs in this process.</summary>
    public Task Store { get; init; } = Task.CompletedTask;

    /// <summary>Ends when a silo can be connected to, if one runs in this process.</summary>
    public Task Silo { get; init; } = Task.CompletedTask;

    /// <summary>A silo and an edge share the process, so the edge has the site key at hand and there is no need to warn.</summary>
    public bool AllInOne { get; init; }
}
