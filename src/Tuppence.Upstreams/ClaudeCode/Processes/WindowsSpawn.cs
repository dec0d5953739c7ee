using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>A process on Windows, in a job of its own that the system ends when its last handle closes: when Tuppence closes it, or is gone.</summary>
/// <remarks>
/// It joins the job right after its start. Should Tuppence go in between, it finds its standard input closed, has been told nothing, and ends.
/// Source: https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_basic_limit_information (JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE).
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsSpawn : ISpawned
{
    private const int ExtendedLimits = 9;
    private const uint KillOnJobClose = 0x2000;

    private readonly SafeFileHandle job;
    private readonly Process process;

    /// <summary>Starts it.</summary>
    /// <exception cref="IOException">The system could not.</exception>
    public WindowsSpawn(SpawnRequest request)
    {
        var start = new ProcessStartInfo(request.Program, request.Arguments)
        {
            WorkingDirectory = request.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in request.Variables)
        {
            start.Environment[name] = value;
        }

        job = NewJob();
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            job.Dispose();
            throw new IOException(e.Message, e);
        }

        if (!AssignProcessToJobObject(job, process.SafeHandle))
        {
            var error = Marshal.GetLastPInvokeErrorMessage();
            process.Kill(entireProcessTree: true);
            process.Dispose();
            job.Dispose();
            throw new IOException(error);
        }

        Exited = WaitAsync();
    }

    /// <inheritdoc/>
    public Stream Input => process.StandardInput.BaseStream;

    /// <inheritdoc/>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <inheritdoc/>
    public Stream Errors => process.StandardError.BaseStream;

    /// <inheritdoc/>
    public Task<int> Exited { get; }

    /// <inheritdoc/>
    public void Kill()
    {
        if (!job.IsClosed)
        {
            _ = TerminateJobObject(job, 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        job.Dispose();
        process.Dispose();
    }

    private static unsafe SafeFileHandle NewJob()
    {
        var job = CreateJobObject(0, 0);
        var limits = new Limits { Flags = KillOnJobClose };
        if (job.IsInvalid || !SetInformationJobObject(job, ExtendedLimits, &limits, (uint)sizeof(Limits)))
        {
            var error = Marshal.GetLastPInvokeErrorMessage();
            job.Dispose();
            throw new IOException(error);
        }

        return job;
    }

    private async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        Kill();
        return process.ExitCode;
    }

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true)]
    private static partial SafeFileHandle CreateJobObject(nint security, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool SetInformationJobObject(SafeFileHandle job, int kind, Limits* limits, uint size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(SafeFileHandle job, SafeProcessHandle process);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateJobObject(SafeFileHandle job, uint exitCode);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public long ProcessTime, JobTime;
        public uint Flags;
        public nuint MinWorkingSet, MaxWorkingSet;
        public uint ActiveProcesses;
        public nuint Affinity;
        public uint PriorityClass, SchedulingClass;
        public ulong ReadCount, WriteCount, OtherCount, ReadBytes, WriteBytes, OtherBytes;
        public nuint ProcessMemory, JobMemory, PeakProcessMemory, PeakJobMemory;
    }
}
