namespace Gateway.Hosting.Running;

/// <summary>How a process of this product ends. Scripts rely on them.</summary>
public static class ExitCodes
{
    /// <summary>Stopped by a signal, or done.</summary>
    public const int Done = 0;

    /// <summary>The server refused what was asked, or the process failed in a way that has no other code.</summary>
    public const int Refused = 1;

    /// <summary>A wrong option or setting.</summary>
    public const int Setting = 2;

    /// <summary>A port is in use.</summary>
    public const int PortInUse = 3;

    /// <summary>The data folder is in use by another process, or damaged.</summary>
    public const int DataFolder = 4;

    /// <summary>The state store cannot be reached.</summary>
    public const int StoreUnreachable = 5;
}
