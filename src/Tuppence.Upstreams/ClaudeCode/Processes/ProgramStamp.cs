using System.Runtime.InteropServices;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>Tells one installed program from the next: its file, its length, when it was written.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProgramStamp(string? File, long Length, DateTime Written)
{
    /// <summary>That of the file that a path leads to now.</summary>
    public static ProgramStamp Of(string? path)
    {
        try
        {
            if (path is null)
            {
                return default;
            }

            var file = System.IO.File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
            return new ProgramStamp(file.FullName, file.Length, file.LastWriteTimeUtc);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
