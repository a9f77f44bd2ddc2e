namespace Gateway.Edge.Loggers;

/// <summary>Messages as lines.</summary>
internal static class LogLines
{
    /// <summary>The message with a line feed at its end and nowhere else.</summary>
    public static ReadOnlyMemory<byte> Of(LogEntry entry)
    {
        var line = new byte[entry.Content.Length + 1];
        entry.Content.CopyTo(line);
        var text = line.AsSpan(0, entry.Content.Length);
        text.Replace((byte)'\n', (byte)' ');
        text.Replace((byte)'\r', (byte)' ');
        line[^1] = (byte)'\n';
        return line;
    }
}
