using System.Diagnostics;
using System.Text;
using Tuppence.Upstreams.ClaudeCode;

namespace Tuppence.Tests.Scenes;

/// <summary>A program that stands in for Claude Code and does what a test's lines of shell say. Linux and macOS.</summary>
/// <remarks>The lines have <c>$dir</c>, the scene's folder, and may write to descriptor 9, which <see cref="NextAsync"/> reads: it stays open as long as one of the program's processes lives.</remarks>
public sealed class StandInProgram : IDisposable
{
    /// <summary>Repeats each line.</summary>
    public const string Echo = "while read -r line; do printf '%s\\n' \"$line\"; done";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string root = Directory.CreateTempSubdirectory("tuppence-stand-in-").FullName;
    private readonly FileStream holder;
    private readonly StreamReader told;

    public StandInProgram(string behaviour)
    {
        File.CreateSymbolicLink(Program, System.IO.Path.Combine(AppContext.BaseDirectory, "stand-in", "claude"));
        Behave(behaviour);
        var pipe = System.IO.Path.Combine(root, "told");
        using (var mkfifo = Process.Start("mkfifo", [pipe]))
        {
            mkfifo.WaitForExit();
            Assert.Equal(0, mkfifo.ExitCode);
        }

        // Both ends of it are open from the beginning, so that opening one never waits.
        holder = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        told = new StreamReader(new FileStream(pipe, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0), Encoding.UTF8);
    }

    /// <summary>The program's path.</summary>
    public string Program => System.IO.Path.Combine(root, "claude");

    /// <summary>An empty folder to run in.</summary>
    public string Folder => System.IO.Path.Combine(root, "empty");

    public ClaudeCodeOptions Options => new()
    {
        ProgramPath = Program,
        WorkingFolder = Folder,
        ClientApp = "tuppence/1.2.3",
        Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" },
    };

    /// <summary>Waits for what must come soon.</summary>
    public static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Patience);

    public static Task Soon(Task task) => task.WaitAsync(Patience);

    public static Task Soon(ValueTask task) => task.AsTask().WaitAsync(Patience);

    /// <summary>Changes what it does from the next start on.</summary>
    public void Behave(string behaviour)
    {
        var next = System.IO.Path.Combine(root, "next");
        File.WriteAllText(next, $"dir='{root}'\nexec 9>>\"$dir/told\"\n{behaviour}\n");
        File.Move(next, System.IO.Path.Combine(root, "behaviour"), overwrite: true);
    }

    /// <summary>Puts another file in its place, as an update does.</summary>
    public void Update()
    {
        var copy = System.IO.Path.Combine(root, "copy");
        File.Copy(System.IO.Path.Combine(AppContext.BaseDirectory, "stand-in", "claude"), copy);
        File.Move(copy, Program, overwrite: true);
    }

    /// <summary>The next line that one of the processes wrote to descriptor 9.</summary>
    public async Task<string?> NextAsync() => await told.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Waits until no process of the program is left, nor anything that it started; the lines that were not read.</summary>
    public async Task<IReadOnlyList<string>> GoneAsync()
    {
        await holder.DisposeAsync();
        var lines = new List<string>();
        while (await NextAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    public void Dispose()
    {
        holder.Dispose();
        told.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
