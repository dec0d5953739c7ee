namespace Tuppence.Configuration.Loading;

/// <summary>Who may read a file.</summary>
internal static class FileAccessRules
{
    /// <summary>True where users beside the owner and its group may read the file; on Windows always false, where access lists rule.</summary>
    public static bool IsReadableByOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherRead) != UnixFileMode.None;
}
