namespace Gateway.Cli.Commands;

/// <summary>Where a command writes: its result to <paramref name="Result"/> (stdout), everything else to <paramref name="Messages"/> (stderr).</summary>
public sealed record Output(TextWriter Result, TextWriter Messages)
{
    /// <summary>The process's own streams.</summary>
    public static Output Console => new(System.Console.Out, System.Console.Error);
}
