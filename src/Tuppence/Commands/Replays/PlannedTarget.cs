namespace Tuppence.Commands.Replays;

/// <summary>Where planned requests are written to: one file, or a folder with a file for each trace.</summary>
/// <param name="path">What was named; a folder where there is one, or where it ends like one.</param>
/// <param name="traces">How many traces there are. A file of several names the trace in every line.</param>
internal sealed class PlannedTarget(string path, int traces)
{
    private readonly bool isFolder = Directory.Exists(path) || Path.EndsInDirectorySeparator(path);

    /// <summary>Opens the file of a trace.</summary>
    /// <param name="trace">Its name.</param>
    /// <param name="index">Its place among the traces; the first begins a file that takes them all.</param>
    public PlannedRequests Open(string trace, int index)
    {
        Directory.CreateDirectory(isFolder ? path : Path.GetDirectoryName(path)!);
        return isFolder
            ? new PlannedRequests(Path.Combine(path, trace + ".jsonl"), trace: null, append: false)
            : new PlannedRequests(path, traces > 1 ? trace : null, append: index > 0);
    }
}
