using Tuppence.Telemetry;
using Tuppence.Thrift.Planning;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Caching;

/// <summary>
/// Keeps what the planner learned in the state folder, so that a restart forgets nothing: hashes and numbers, in a file that only its owner
/// may read and that is replaced as a whole. Of several processes on one folder the last one counts. A file that is damaged, or that cannot
/// be written, is told once and costs no request.
/// </summary>
/// <param name="stateDirectory">The folder.</param>
/// <param name="planner">Whose knowledge it is.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where problems are told.</param>
internal sealed class LearnedFile(string stateDirectory, Planner planner, TimeProvider time, ILogger log)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "cache-memory.bin";

    private const int MostBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly PrivateFolder folder = new(stateDirectory, MostBytes);
    private readonly Lock gate = new();
    private long saved = time.GetTimestamp();
    private int saving;
    private bool isTold;

    /// <summary>Takes up what was kept, if anything was.</summary>
    public void Load()
    {
        var (bytes, problem) = folder.Read(Name);
        if (bytes is not null && !planner.Breakpoints.TryLoad(bytes))
        {
            problem = $"“{folder[Name]}” is damaged or of another version of Tuppence. It will be replaced.";
        }

        if (problem is not null)
        {
            Log.LearnedNotLoaded(log, problem);
        }
    }

    /// <summary>Saves in the background where that was not done in the last five minutes.</summary>
    public void SaveSoon()
    {
        if (time.GetElapsedTime(Interlocked.Read(ref saved)) < Interval || Interlocked.Exchange(ref saving, 1) != 0)
        {
            return;
        }

        Interlocked.Exchange(ref saved, time.GetTimestamp());
        _ = Task.Run(() =>
        {
            Save();
            Volatile.Write(ref saving, 0);
        });
    }

    /// <summary>Saves now.</summary>
    public void Save()
    {
        lock (gate)
        {
            // Scopes of clients' own credentials carry a name that means nothing after a restart.
            var bytes = planner.Breakpoints.Save(static scope => !scope.Contains(CacheAccount.Passing, StringComparison.Ordinal));
            var problem = bytes.Length > MostBytes ? $"It takes more than {MostBytes / 1024 / 1024} MB." : folder.Replace(Name, bytes);
            if (problem is not null && !isTold)
            {
                isTold = true;
                Log.LearnedNotKept(log, problem);
            }
        }
    }
}
