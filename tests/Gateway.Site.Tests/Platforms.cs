using System.Runtime.Versioning;

// File modes are part of what is asserted.
[assembly: SupportedOSPlatform("linux")]
[assembly: SupportedOSPlatform("macos")]
