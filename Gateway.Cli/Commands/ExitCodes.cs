namespace Gateway.Cli.Commands;

/// <summary>What the exit code of the tool means. Scripts rely on these numbers.</summary>
public static class ExitCodes
{
    /// <summary>Done, or ended by SIGTERM or SIGINT.</summary>
    public const int Done = 0;

    /// <summary>The server, or a check before it, refused the content.</summary>
    public const int Refused = 1;

    /// <summary>An option, argument or setting is wrong.</summary>
    public const int Option = 2;

    /// <summary>A port is in use.</summary>
    public const int Port = 3;

    /// <summary>The data folder is in use or damaged.</summary>
    public const int DataFolder = 4;

    /// <summary>A store or server cannot be reached.</summary>
    public const int Unreachable = 5;
}
