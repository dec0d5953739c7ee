namespace Tuppence.Upstreams.TokenStores;

/// <summary>Keeps sign-ins between runs. Several processes may use one store at once; whoever changes it holds its lease.</summary>
public interface ITokenStore
{
    /// <summary>Where the sign-ins are, for people.</summary>
    string Place { get; }

    /// <summary>What people should know about how safely they are kept, for the banner and the status page; null where there is nothing to say.</summary>
    string? Warning { get; }

    /// <summary>Changes with the content. Cheap enough for each request.</summary>
    StoreStamp Stamp();

    /// <summary>The grant in use for <paramref name="upstream"/>, without the lease.</summary>
    ValueTask<GrantReading> ReadAsync(string upstream, CancellationToken cancellation);

    /// <summary>All grants, without the lease.</summary>
    ValueTask<GrantList> ListAsync(CancellationToken cancellation);

    /// <summary>Waits until no other process and no other caller changes the store, at most as long as the store was told to.</summary>
    ValueTask<LeaseResult> AcquireAsync(CancellationToken cancellation);
}
