using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>
/// A folder of files that only their owner may read: the folder 0700, its files 0600 from their creation, none of them a symbolic link, each
/// replaced as a whole. Where a mode is wider, nothing is read or written, and the command that mends it is told.
/// </summary>
/// <remarks>On Windows the user's profile is private to begin with and modes do not exist.</remarks>
/// <param name="path">The folder.</param>
/// <param name="maxBytes">Largest file that is read.</param>
internal sealed class PrivateFolder(string path, long maxBytes = 4 * 1024 * 1024)
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Others = 0x3f; // 077, which C# cannot write in octal

    private static long copies;

    /// <summary>The folder's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Full path of a file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder where it is missing, and checks it; the problem, or null.</summary>
    public string? Prepare()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path);
                return null;
            }

            if (!Directory.Exists(Path))
            {
                Directory.CreateDirectory(Path, FolderMode);
            }

            return CheckFolder();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The folder “{Path}” cannot be made: {e.Message} Choose another with the option state_directory.";
        }
    }

    /// <summary>Reads a file, if it is there and private.</summary>
    public FileReading Read(string name)
    {
        var file = this[name];
        try
        {
            if (OperatingSystem.IsWindows())
            {
                return File.Exists(file) ? new FileReading(File.ReadAllBytes(file), null) : default;
            }

            if (!Directory.Exists(Path))
            {
                return default;
            }

            if (CheckFolder() is { } problem)
            {
                return new FileReading(null, problem);
            }

            using var handle = Open(name, write: false, out problem);
            if (handle is null)
            {
                return new FileReading(null, problem);
            }

            var length = RandomAccess.GetLength(handle);
            if (length > maxBytes)
            {
                return new FileReading(null, $"“{file}” is larger than {maxBytes / 1024 / 1024} MB, which no file of Tuppence's is. Move it away.");
            }

            var bytes = new byte[length];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is > 0 and var some)
            {
                read += some;
            }

            return new FileReading(bytes.AsSpan(0, read).ToArray(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileReading(null, $"“{file}” cannot be read: {e.Message}");
        }
    }

    /// <summary>Opens a file that is there, private and no link. Null with no problem: there is none.</summary>
    public SafeFileHandle? Open(string name, bool write, out string? problem)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        var file = this[name];
        var handle = UnixCalls.Open(file, write, out var error);
        problem = handle is not null ? CheckFile(handle, file)
            : error == UnixCalls.NoEntry ? null
            : error == UnixCalls.IsALink ? $"“{file}” is a symbolic link. Tuppence keeps secrets only in files of its own: remove the link."
            : $"“{file}” cannot be opened: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}.";
        if (problem is null)
        {
            return handle;
        }

        handle?.Dispose();
        return null;
    }

    /// <summary>
    /// Replaces a file as a whole: a copy 0600, flushed, renamed over it, the folder flushed. After a failure the old file is as it was and no copy
    /// is left. Copies that killed processes left are removed; so the caller holds the lock.
    /// </summary>
    /// <returns>The problem, or null.</returns>
    public string? Replace(string name, ReadOnlySpan<byte> bytes)
    {
        if (Prepare() is { } problem)
        {
            return problem;
        }

        var file = this[name];
        var copy = string.Create(CultureInfo.InvariantCulture, $"{file}.new-{Environment.ProcessId}-{Interlocked.Increment(ref copies)}");
        try
        {
            foreach (var left in Directory.EnumerateFiles(Path, name + ".new-*"))
            {
                File.Delete(left);
            }

            if (new FileInfo(file).LinkTarget is not null)
            {
                return $"“{file}” is a symbolic link. Tuppence keeps secrets only in files of its own: remove the link.";
            }

            using (var stream = new FileStream(copy, NewFile()))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(copy, file, overwrite: true);
            var error = OperatingSystem.IsWindows() ? 0 : UnixCalls.FlushFolder(Path);
            return error == 0 ? null : $"“{file}” was written, but the disk did not confirm it: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // .NET makes the last of them of EFBIG, the error of a limit on file sizes.
            Discard(copy);
            var why = e is ArgumentOutOfRangeException ? "A limit on the size of files stands in the way." : e.Message.TrimEnd('.') + ".";
            return $"“{file}” cannot be written: {why} What it held before is unchanged.";
        }
    }

    /// <summary>Makes an empty private file where there is none.</summary>
    public void Touch(string name)
    {
        if (File.Exists(this[name]))
        {
            return;
        }

        try
        {
            new FileStream(this[name], NewFile()).Dispose();
        }
        catch (IOException) when (File.Exists(this[name]))
        {
            // Another process made it.
        }
    }

    private static FileStreamOptions NewFile()
    {
        // CreateNew follows no link. A umask can only narrow the mode.
        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        return options;
    }

    private static void Discard(string copy)
    {
        try
        {
            File.Delete(copy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first problem is the one to tell; the next save tries again.
        }
    }

    private string? CheckFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var status = UnixCalls.StatusOf(Path, follow: true);
        return Strangers(status, Path)
            ?? (((int)File.GetUnixFileMode(Path) & Others) != 0
                ? $"“{Path}” is open to other users (mode {Octal(File.GetUnixFileMode(Path))}). Run: chmod 700 '{Path}'"
                : null);
    }

    private static string? CheckFile(SafeFileHandle handle, string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var status = UnixCalls.StatusOf(handle);
        if (status is { IsFile: false })
        {
            return $"“{file}” is not a file. Remove it.";
        }

        var mode = File.GetUnixFileMode(handle);
        return Strangers(status, file)
            ?? (((int)mode & Others) != 0 ? $"“{file}” is open to other users (mode {Octal(mode)}). Run: chmod 600 '{file}'" : null);
    }

    private static string? Strangers(FileStatus? status, string path) =>
        OperatingSystem.IsWindows() || status is not { } known || known.Owner == UnixCalls.User ? null
            : $"“{path}” belongs to the user with id {known.Owner}, and Tuppence runs as {UnixCalls.User}. Run it as that user, or choose another state_directory.";

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8);
}
