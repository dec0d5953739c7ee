using System.Security.Cryptography;

namespace Tuppence.Dashboard.Settings;

/// <summary>A file of the user's that Tuppence changes for him: replaced as a whole, with the permissions that it had; new ones for their owner alone.</summary>
/// <param name="path">The file. Where it is a link, what it leads to is replaced.</param>
internal sealed class WrittenFile(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static int copies;

    /// <summary>The version of a content: the same for the same bytes.</summary>
    public static string VersionOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content)[..16]);

    /// <summary>The content; null where there is no such file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[]? Read()
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Puts <paramref name="content"/> in its place; null takes the file away. The problem, or null.</summary>
    public string? Write(byte[]? content)
    {
        try
        {
            var target = (File.Exists(path) ? new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName : null) ?? path;
            if (content is null)
            {
                File.Delete(target);
                return null;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Replace(target, content);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"“{path}” cannot be written: {e.Message.TrimEnd('.')}. It is as it was.";
        }
    }

    private static void Replace(string target, byte[] content)
    {
        var exists = File.Exists(target);
        var copy = $"{target}.new-{Environment.ProcessId}-{Interlocked.Increment(ref copies)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        try
        {
            using (var stream = new FileStream(copy, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (exists && !OperatingSystem.IsWindows())
            {
                // After the writing: a mode that forbids it would forbid it.
                File.SetUnixFileMode(copy, File.GetUnixFileMode(target));
            }

            File.Move(copy, target, overwrite: true);
        }
        catch (IOException) when (exists && File.Exists(copy))
        {
            // A file that a container has mounted by itself cannot be replaced, only written.
            Discard(copy);
            using var stream = new FileStream(target, FileMode.Truncate, FileAccess.Write);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        finally
        {
            Discard(copy);
        }
    }

    private static void Discard(string copy)
    {
        try
        {
            File.Delete(copy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left behind; it harms nothing.
        }
    }
}
