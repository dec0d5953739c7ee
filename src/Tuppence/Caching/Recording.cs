using Tuppence.Configuration;
using Tuppence.Telemetry;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Recording;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Caching;

/// <summary>Records planned requests while the configuration asks for it. A trace that cannot be written is told once and given up; no request suffers.</summary>
internal sealed class Recording(TimeProvider time, ILogger log) : IDisposable
{
    private readonly Lock gate = new();
    private volatile TraceFile? file;
    private (string? Path, bool WithBodies) wanted;

    /// <summary>Does what the configuration says from now on.</summary>
    public void Configure(CacheConfig config)
    {
        lock (gate)
        {
            if (wanted == (config.Record, config.RecordBodies))
            {
                return;
            }

            wanted = (config.Record, config.RecordBodies);
            Close();
            if (config.Record is not { } path)
            {
                return;
            }

            try
            {
                file = TraceFile.Open(path, config.RecordBodies, time.GetUtcNow());
                Log.Recording(log, config.RecordBodies ? LogLevel.Warning : LogLevel.Information, path, config.RecordBodies ? "the requests in full, which are private text: keep the file to yourself" : "no content, only salted hashes and numbers");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.RecordingFailed(log, path, e.Message);
            }
        }
    }

    /// <summary>Keeps what is to be recorded of a request, before it is planned; null where nothing is, and of what will not be sent.</summary>
    public RecordedBody? Begin(ReadOnlyMemory<byte> body, in PlanContext context) =>
        file is null || context.IsRehearsal ? null : new RecordedBody(body.ToArray(), context.Scope, context.At);

    /// <summary>Writes it, with what its input cost.</summary>
    public void End(RecordedBody? request, in CacheBill bill, int output, DateTimeOffset ended)
    {
        if (request is null || file is not { } open)
        {
            return;
        }

        try
        {
            open.Write(request, new RecordedUsage(bill, output, TimeSpan.Zero, ended - request.At));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            lock (gate)
            {
                if (file == open)
                {
                    Log.RecordingFailed(log, open.Path, e.Message);
                    Close();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            Close();
        }
    }

    private void Close()
    {
        var closed = file;
        file = null;
        closed?.Dispose();
    }
}
