using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SQLitePCL;
using Tuppence.State.Ledger;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Accounting;

/// <summary>
/// SQLite's native library in the native program, which is one file: it is a resource there, and is loaded from memory. Where the system has no
/// files in memory it is loaded from a file of the state folder that is named after its content. Elsewhere it lies beside the program and the
/// runtime finds it.
/// </summary>
/// <remarks>Why it is not linked into the program: docs/decisions/0017-ledger.md.</remarks>
internal static unsafe partial class EmbeddedSqlite
{
    private const string Resource = "native/e_sqlite3";
    private const string Library = "e_sqlite3";

    // https://man7.org/linux/man-pages/man2/memfd_create.2.html
    private const uint CloseOnExec = 1, MayExecute = 16;

    private static readonly Lock Gate = new();
    private static bool isChosen;

    /// <summary>Sees to it that SQLite is found; to be called before it is first used.</summary>
    /// <param name="folder">Folder that only this user can write, for systems that need a file.</param>
    public static void Choose(string folder)
    {
        lock (Gate)
        {
            if (isChosen || Assembly.GetExecutingAssembly().GetManifestResourceInfo(Resource) is null)
            {
                return;
            }

            isChosen = true;
            var handle = new Lazy<nint>(() => Load(folder));
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == Library ? handle.Value : 0);
        }
    }

    private static nint Load(string folder)
    {
        using var resource = (UnmanagedMemoryStream)Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        var bytes = new ReadOnlySpan<byte>(resource.PositionPointer, (int)resource.Length);
        return OperatingSystem.IsLinux() && TryLoadFromMemory(bytes, out var handle) ? handle : LoadFromFile(new PrivateFolder(folder, int.MaxValue), bytes);
    }

    private static bool TryLoadFromMemory(ReadOnlySpan<byte> bytes, out nint handle)
    {
        handle = 0;
        var descriptor = CreateMemoryFile(Library, CloseOnExec | MayExecute);
        if (descriptor < 0)
        {
            // Kernels before 6.3 do not know the second flag, and need none.
            descriptor = CreateMemoryFile(Library, CloseOnExec);
        }

        if (descriptor < 0)
        {
            return false;
        }

        using var file = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            RandomAccess.Write(file, bytes, 0);
            return NativeLibrary.TryLoad($"/proc/self/fd/{descriptor}", out handle);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static nint LoadFromFile(PrivateFolder folder, ReadOnlySpan<byte> bytes)
    {
        var name = $"sqlite-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}{(OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so")}";
        var (kept, problem) = folder.Read(name);
        if (problem is null && (kept is null || !bytes.SequenceEqual(kept)))
        {
            problem = folder.Replace(name, bytes);
        }

        return problem is null && NativeLibrary.TryLoad(folder[name], out var handle)
            ? handle
            : throw new LedgerException(problem ?? $"SQLite cannot be loaded from “{folder[name]}”: the system lets no program be run from there. Name another folder with state_directory, or turn the ledger off.");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
