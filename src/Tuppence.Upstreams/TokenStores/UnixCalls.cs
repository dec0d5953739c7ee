using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>What .NET does not offer: opening without following a link, flushing a directory, a lock that says when it is unsupported, a file's owner.</summary>
/// <remarks>Constants by the headers of glibc on x64 and arm64, and of macOS.</remarks>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class UnixCalls
{
    /// <summary>No such file.</summary>
    public const int NoEntry = 2;

    private const int LockExclusive = 2, LockNonBlocking = 4, Interrupted = 4;
    private const int AtCurrentFolder = -100, AtNoFollow = 0x100, AtEmptyPath = 0x1000;
    private const uint StatxBasic = 0x7ff;
    private const int StatxSize = 256;

    private static readonly bool IsMac = OperatingSystem.IsMacOS();
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly int NoFollow = IsMac ? 0x100 : IsArm ? 0x8000 : 0x20000;
    private static readonly int CloseOnExec = IsMac ? 0x1000000 : 0x80000;
    private static readonly int NonBlocking = IsMac ? 0x4 : 0x800;

    /// <summary>Too many links: the path is a symbolic link and none is followed.</summary>
    public static int IsALink { get; } = IsMac ? 62 : 40;

    /// <summary>Somebody else holds the lock.</summary>
    public static int WouldBlock { get; } = IsMac ? 35 : 11;

    /// <summary>The user that this process acts as.</summary>
    public static uint User => EffectiveUser();

    /// <summary>Opens a file that exists and is no link, to read or also to write. On failure <paramref name="error"/> is the error number.</summary>
    public static SafeFileHandle? Open(string path, bool write, out int error)
    {
        int descriptor;
        do
        {
            descriptor = OpenFile(path, (write ? 2 : 0) | NoFollow | CloseOnExec | NonBlocking);
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (error == Interrupted);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Takes the exclusive lock (flock(2)) if nobody holds it; else the error number. It is gone with the handle, and with the process.</summary>
    public static int TryLock(SafeFileHandle file) => Flock(file, LockExclusive | LockNonBlocking) < 0 ? Marshal.GetLastPInvokeError() : 0;

    /// <summary>Makes a rename in <paramref name="folder"/> durable; the error number, or 0. File systems that cannot do it are left alone.</summary>
    public static int FlushFolder(string folder)
    {
        const int InvalidArgument = 22;
        var descriptor = OpenFile(folder, CloseOnExec);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Fsync(handle) < 0 ? Marshal.GetLastPInvokeError() : 0;
        return error == InvalidArgument ? 0 : error;
    }

    /// <summary>Owner and mode of an open file; null where this system does not tell.</summary>
    public static FileStatus? StatusOf(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var buffer = stackalloc byte[StatxSize];
        return Statx((int)file.DangerousGetHandle(), "", AtEmptyPath, StatxBasic, buffer) == 0 ? FileStatus.Read(buffer) : null;
    }

    /// <summary>Owner and mode of what <paramref name="path"/> leads to; null where there is nothing or this system does not tell.</summary>
    public static FileStatus? StatusOf(string path, bool follow)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var buffer = stackalloc byte[StatxSize];
        return Statx(AtCurrentFolder, path, follow ? 0 : AtNoFollow, StatxBasic, buffer) == 0 ? FileStatus.Read(buffer) : null;
    }

    // open(2) has a variable argument list; without a mode to pass, the two fixed ones are passed alike on all systems.
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);
}
