namespace Tuppence.Configuration.Loading;

/// <summary>A watch that begins when there is something to watch.</summary>
internal sealed class LateWatch : IDisposable
{
    private readonly Lock gate = new();
    private IDisposable? watch;
    private bool isDisposed;

    /// <summary>Begins it, once.</summary>
    public bool TryBegin(Func<IDisposable> make)
    {
        lock (gate)
        {
            if (isDisposed || watch is not null)
            {
                return false;
            }

            watch = make();
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            watch?.Dispose();
        }
    }
}
