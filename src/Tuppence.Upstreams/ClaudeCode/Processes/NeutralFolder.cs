namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>The folder in which the program runs: Tuppence's own, private and empty, with a path that says nothing of the user, since the program tells it to the model.</summary>
internal static class NeutralFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The folder, made where it is missing; or words for people why there is none.</summary>
    /// <param name="configured">Its path; null: one below the folder for temporary files.</param>
    public static (string? Path, string Words) Prepare(string? configured)
    {
        if (configured is not null)
        {
            return Problem(configured) is { } problem ? (null, problem) : (Path.GetFullPath(configured), "");
        }

        try
        {
            // The user's folder for temporary files is named after the user on Windows.
            var usual = OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "tuppence")
                : Path.Combine(Path.GetTempPath(), "tuppence");
            return (Problem(usual) is null ? usual : Directory.CreateTempSubdirectory("tuppence-").FullName, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"No folder for the Claude Code program to run in can be made: {e.Message}");
        }
    }

    private static string? Problem(string path)
    {
        try
        {
            var folder = Directory.CreateDirectory(path);
            if (folder.LinkTarget is not null)
            {
                return $"The folder “{path}” is a link. Remove it.";
            }

            if (!OperatingSystem.IsWindows())
            {
                // Only its owner can do this.
                File.SetUnixFileMode(path, Private);
            }

            return folder.EnumerateFileSystemInfos().Any() ? $"The folder “{path}” is not empty. The Claude Code program is to run where it finds nothing: empty it." : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The folder “{path}” cannot be used: {e.Message}";
        }
    }
}
