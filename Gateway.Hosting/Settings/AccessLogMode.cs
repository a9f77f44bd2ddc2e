namespace Gateway.Hosting.Settings;

/// <summary>What the access log holds.</summary>
public enum AccessLogMode
{
    /// <summary>A line per request.</summary>
    All = 0,

    /// <summary>Only requests answered with 400 and up, or not at all.</summary>
    Errors = 1,

    /// <summary>Nothing.</summary>
    Off = 2,
}
