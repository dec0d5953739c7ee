using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>posix_spawn(3) and what goes with it: .NET's own start of a process offers neither a session of its own nor further descriptors.</summary>
/// <remarks>Constants by the headers of glibc, musl and macOS.</remarks>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class SpawnCalls
{
    private const int Interrupted = 4, Kill = 9, ById = 1, ThatExited = 4;
    private const short ResetSignals = 0x4, SetSignalMask = 0x8;

    // The attribute and action objects are 336 and 80 bytes on Linux and a pointer on macOS; a signal set is 128 bytes there and 4 here.
    private const int ObjectSize = 1024;

    private static readonly bool IsMac = OperatingSystem.IsMacOS();
    private static readonly short NewSession = (short)(IsMac ? 0x400 : 0x80);
    private static readonly int LeaveUnreaped = IsMac ? 0x20 : 0x1000000;

    /// <summary>Starts a program as the leader of a new session, with all signals as a shell has them.</summary>
    /// <param name="arguments">Its full path, which is also its name, and its arguments.</param>
    /// <param name="variables">Its whole environment.</param>
    /// <param name="descriptors">What it finds as its descriptors 0, 1, 2 and so on; it gets no other.</param>
    /// <returns>Its process id.</returns>
    /// <exception cref="IOException">The system could not.</exception>
    public static int Start(IReadOnlyList<string> arguments, IReadOnlyList<string> variables, ReadOnlySpan<SafePipeHandle> descriptors)
    {
        byte* actions = stackalloc byte[ObjectSize], attributes = stackalloc byte[ObjectSize], signals = stackalloc byte[ObjectSize];
        byte** argv = Strings(arguments), envp = Strings(variables);
        Check(ActionsInit(actions));
        Check(AttributesInit(attributes));
        try
        {
            // By way of numbers above all of them: one of them may already be 0, 1 or 2, where Tuppence was started without those.
            var above = 0;
            foreach (var descriptor in descriptors)
            {
                above = Math.Max(above, Number(descriptor) + 1);
            }

            for (var i = 0; i < descriptors.Length; i++)
            {
                Check(AddDuplicate(actions, Number(descriptors[i]), above + i));
            }

            for (var i = 0; i < descriptors.Length; i++)
            {
                Check(AddDuplicate(actions, above + i, i));
                Check(AddClose(actions, above + i));
            }

            // The runtime ignores SIGPIPE, and what is ignored stays ignored in the program.
            Check(FillSignals(signals));
            Check(SetDefaultSignals(attributes, signals));
            Check(EmptySignals(signals));
            Check(SetMask(attributes, signals));
            Check(SetFlags(attributes, (short)(ResetSignals | SetSignalMask | NewSession)));
            int process;
            Check(Spawn(&process, argv[0], actions, attributes, argv, envp));
            return process;
        }
        finally
        {
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
            NativeMemory.Free(argv);
            NativeMemory.Free(envp);
        }
    }

    /// <summary>Comes back when the process is gone, and leaves its number taken.</summary>
    public static void WaitUntilGone(int process)
    {
        var ignored = stackalloc byte[128];
        while (WaitId(ById, process, ignored, ThatExited | LeaveUnreaped) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
            // Again.
        }
    }

    /// <summary>Exit code of a process that is gone, 128 + the signal's number where a signal ended it; -1 where something else has asked for it before. Frees its number.</summary>
    public static int Reap(int process)
    {
        int status, result;
        do
        {
            result = WaitPid(process, &status, 0);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return result < 0 ? -1 : (status & 0x7f) is not 0 and var signal ? 128 + signal : status >> 8 & 0xff;
    }

    /// <summary>Ends all processes of the group that <paramref name="leader"/> leads.</summary>
    public static void KillGroup(int leader) => _ = SendSignal(-leader, Kill);

    private static int Number(SafePipeHandle handle) => (int)handle.DangerousGetHandle();

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    /// <summary>A list of C strings, ended by null, in one block.</summary>
    private static byte** Strings(IReadOnlyList<string> texts)
    {
        var head = (nuint)((texts.Count + 1) * sizeof(byte*));
        var list = (byte**)NativeMemory.AllocZeroed(head + (nuint)texts.Sum(static text => Encoding.UTF8.GetByteCount(text) + 1));
        var next = (byte*)list + head;
        for (var i = 0; i < texts.Count; i++)
        {
            list[i] = next;
            next += Encoding.UTF8.GetBytes(texts[i], new Span<byte>(next, Encoding.UTF8.GetByteCount(texts[i]))) + 1;
        }

        return list;
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(int* process, byte* path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclose")]
    private static partial int AddClose(byte* actions, int descriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaultSignals(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int process, byte* result, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
