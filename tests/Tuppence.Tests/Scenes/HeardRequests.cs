using System.Threading.Channels;
using Tuppence.Accounting;
using Tuppence.State.Ledger;

namespace Tuppence.Tests.Scenes;

/// <summary>A sink that keeps what it hears.</summary>
internal sealed class HeardRequests : IRequestSink
{
    private readonly Channel<(OpenRequest Request, LedgerEntry Entry)> ended = Channel.CreateUnbounded<(OpenRequest, LedgerEntry)>();
    private readonly List<string> told = [];

    /// <summary>Each call in its order: <c>began ID</c>, <c>advanced ID</c>, <c>ended ID</c>.</summary>
    public IReadOnlyList<string> Told
    {
        get
        {
            lock (told)
            {
                return [.. told];
            }
        }
    }

    /// <summary>Listens to a gateway.</summary>
    public static HeardRequests On(TestGateway gateway)
    {
        var heard = new HeardRequests();
        gateway.Host.State.Sinks.Add(heard);
        return heard;
    }

    /// <summary>The next row.</summary>
    public async Task<LedgerEntry> NextAsync() => (await ended.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Entry;

    /// <summary>True where no row waits.</summary>
    public bool IsEmpty => !ended.Reader.TryPeek(out _);

    public void Began(OpenRequest request) => Note("began " + request.Id);

    public void Advanced(OpenRequest request) => Note("advanced " + request.Id);

    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        Note("ended " + request.Id);
        ended.Writer.TryWrite((request, entry));
    }

    private void Note(string what)
    {
        lock (told)
        {
            told.Add(what);
        }
    }
}
