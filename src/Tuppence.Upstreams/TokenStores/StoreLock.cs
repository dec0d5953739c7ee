using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>
/// The side file that the process which changes the store holds open and locked. The system gives it back when the process ends, however it ends.
/// Its text names the holder for people; nothing is decided by it.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const string Name = "tokens.lock";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2), LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly PrivateFolder folder;
    private readonly SafeFileHandle handle;

    private StoreLock(PrivateFolder folder, SafeFileHandle handle) => (this.folder, this.handle) = (folder, handle);

    /// <summary>True while the file under the lock's name is the one that is held; a person may have removed it.</summary>
    public bool IsHeld => OperatingSystem.IsWindows() || UnixCalls.StatusOf(handle) is not { } held
        || (UnixCalls.StatusOf(folder[Name], follow: false) is { } there && (there.Inode, there.Device) == (held.Inode, held.Device));

    /// <summary>Waits for the lock, at most <paramref name="patience"/>.</summary>
    public static async ValueTask<(StoreLock? Lock, string? Problem)> AcquireAsync(PrivateFolder folder, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (folder.Prepare() is { } broken)
            {
                return (null, broken);
            }

            var (handle, problem) = Try(folder);
            if (problem is not null)
            {
                return (null, problem);
            }

            if (handle is not null)
            {
                var held = new StoreLock(folder, handle);
                if (held.IsHeld)
                {
                    held.Sign(time.GetUtcNow());
                    return (held, null);
                }

                held.Dispose();
            }
            else if (time.GetElapsedTime(started) >= patience)
            {
                return (null, $"The sign-ins in “{folder.Path}” are held by another Tuppence {Owner(folder)}, and have been for {patience.TotalSeconds:0} s. "
                    + "If it hangs or is stopped, end it; its lock goes with it.");
            }

            await Task.Delay(pause, time, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    // Neither handle nor problem: somebody holds it.
    private static (SafeFileHandle? Handle, string? Problem) Try(PrivateFolder folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                return TryOnWindows(folder);
            }

            folder.Touch(Name);
            var handle = folder.Open(Name, write: true, out var problem);
            if (handle is null)
            {
                return (null, problem);
            }

            var error = UnixCalls.TryLock(handle);
            if (error == 0)
            {
                return (handle, null);
            }

            handle.Dispose();
            return (null, error == UnixCalls.WouldBlock ? null
                : $"“{folder[Name]}” cannot be locked: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}. Choose a state_directory on a local disk.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"“{folder[Name]}” cannot be made: {e.Message}");
        }
    }

    private static (SafeFileHandle? Handle, string? Problem) TryOnWindows(PrivateFolder folder)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        try
        {
            // Readable by those who wait, so that they can name the holder; writable by one.
            return (File.OpenHandle(folder[Name], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), null);
        }
        catch (IOException e) when (e.HResult == SharingViolation)
        {
            return default;
        }
    }

    private static string Owner(PrivateFolder folder)
    {
        try
        {
            using var handle = OperatingSystem.IsWindows()
                ? File.OpenHandle(folder[Name], FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
                : folder.Open(Name, write: false, out _);
            var bytes = new byte[200];
            var length = handle is null ? 0 : RandomAccess.Read(handle, bytes, 0);
            return length == 0 ? "(which has not said who it is)" : $"({Encoding.ASCII.GetString(bytes, 0, length).TrimEnd()})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "(whose name cannot be read)";
        }
    }

    private void Sign(DateTimeOffset now)
    {
        try
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, since {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n");
            RandomAccess.SetLength(handle, 0);
            RandomAccess.Write(handle, Encoding.ASCII.GetBytes(text), 0);
        }
        catch (IOException)
        {
            // A full disk: the lock is held all the same, only without a name.
        }
    }
}
