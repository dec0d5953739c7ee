using System.Globalization;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>The folder in which the program runs: Tuppence's own, private and empty, with a path that says nothing of the user, since the program tells it to the model.</summary>
internal static class NeutralFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int MaxNames = 20;

    /// <summary>The folder, made where it is missing; or words for people why there is none.</summary>
    /// <param name="configured">Its path; null: one below the folder for temporary files.</param>
    public static (string? Path, string Words) Prepare(string? configured) => Prepare(
        configured,
        // The user's folder for temporary files is named after the user on Windows.
        OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData) : Path.GetTempPath());

    /// <summary>The same, where <paramref name="temporary"/> is the folder for temporary files.</summary>
    internal static (string? Path, string Words) Prepare(string? configured, string temporary)
    {
        if (configured is not null)
        {
            return Problem(configured) is { } problem ? (null, problem) : (Path.GetFullPath(configured), "");
        }

        var words = "";
        for (var name = 1; name <= MaxNames; name++)
        {
            // The first may be another user's, or hold something.
            var usual = Path.Combine(temporary, name == 1 ? "tuppence" : string.Create(CultureInfo.InvariantCulture, $"tuppence-{name}"));
            if (Problem(usual) is not { } taken)
            {
                return (usual, "");
            }

            words = taken;
        }

        return (null, words);
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

            if (folder.EnumerateFileSystemInfos().Any())
            {
                return $"The folder “{path}” is not empty. The Claude Code program is to run where it finds nothing: empty it.";
            }

            if (OperatingSystem.IsWindows())
            {
                return null;
            }

            if (UnixCalls.StatusOf(path, follow: false) is { } status && status.Owner != UnixCalls.User)
            {
                return $"The folder “{path}” belongs to another user.";
            }

            // Only its owner can do this, where its owner is not told.
            File.SetUnixFileMode(path, Private);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The folder “{path}” cannot be used: {e.Message}";
        }
    }
}
