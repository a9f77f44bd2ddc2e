namespace Gateway.Hosting.Running;

/// <summary>Ends the process with a code of <see cref="ExitCodes"/> and one sentence on standard error.</summary>
public sealed class ExitException(int code, string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    /// <summary>The exit code.</summary>
    public int Code { get; } = code;
}
