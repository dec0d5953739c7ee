using System.IO.Pipes;
using System.Runtime.Versioning;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>
/// A process on Linux and macOS: the leader of a session of its own, so that one signal reaches it and all that it started, beside a watcher of a few
/// kilobytes that ends that session when Tuppence is gone, however Tuppence went.
/// </summary>
/// <remarks>
/// The watcher waits for the end of a pipe whose other end only Tuppence holds; the kernel closes it with Tuppence. It is forked by the shell that
/// then becomes the program, so there is no moment in which the program runs without it. See docs/decisions/0023.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixSpawn : ISpawned
{
    /// <summary>Descriptor on which the shell finds the pipe.</summary>
    private const int LifeLine = 3;

    // The folder, then the program with its arguments. The watcher holds none of the program's pipes, and the program not the watcher's.
    private const string Script =
        "cd -- \"$1\" || exit 126; shift; unset PWD OLDPWD SHLVL; "
        + "{ trap '' HUP INT TERM; read -r gone <&3; kill -KILL 0; } </dev/null >/dev/null 2>&1 & "
        + "exec \"$@\" 3<&-";

    private const string Nowhere = " >/dev/null 2>&1";

    private readonly Lock gate = new();
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AnonymousPipeServerStream input = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream output = new(PipeDirection.In);
    private readonly AnonymousPipeServerStream errors = new(PipeDirection.In);
    private readonly AnonymousPipeServerStream lifeLine = new(PipeDirection.Out);
    private readonly int process;
    private bool isReaped;

    /// <summary>Starts it.</summary>
    /// <exception cref="IOException">The system could not.</exception>
    public UnixSpawn(SpawnRequest request)
    {
        try
        {
            process = SpawnCalls.Start(
                ["/bin/sh", "-c", request.DiscardsOutput ? Script + Nowhere : Script, "sh", request.Folder, request.Program, .. request.Arguments],
                [.. request.Variables.Select(static pair => $"{pair.Key}={pair.Value}")],
                [input.ClientSafePipeHandle, output.ClientSafePipeHandle, errors.ClientSafePipeHandle, lifeLine.ClientSafePipeHandle]);
        }
        catch
        {
            Close();
            throw;
        }

        foreach (var pipe in (AnonymousPipeServerStream[])[input, output, errors, lifeLine])
        {
            pipe.DisposeLocalCopyOfClientHandle();
        }

        new Thread(Reap, maxStackSize: 256 * 1024) { IsBackground = true, Name = "claude-code" }.Start();
    }

    /// <inheritdoc/>
    public Stream Input => input;

    /// <inheritdoc/>
    public Stream Output => output;

    /// <inheritdoc/>
    public Stream Errors => errors;

    /// <inheritdoc/>
    public Task<int> Exited => exited.Task;

    /// <inheritdoc/>
    public void Kill()
    {
        lock (gate)
        {
            if (!isReaped)
            {
                SpawnCalls.KillGroup(process);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        Close();
    }

    private void Reap()
    {
        SpawnCalls.WaitUntilGone(process);
        int code;
        lock (gate)
        {
            // Not yet reaped, its number is still its own: the signal can meet only what it left behind, the watcher at least.
            SpawnCalls.KillGroup(process);
            code = SpawnCalls.Reap(process);
            isReaped = true;
        }

        exited.SetResult(code);
    }

    private void Close()
    {
        input.Dispose();
        output.Dispose();
        errors.Dispose();
        lifeLine.Dispose();
    }
}
