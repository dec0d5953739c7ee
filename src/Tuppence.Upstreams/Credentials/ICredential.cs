namespace Tuppence.Upstreams.Credentials;

/// <summary>Where an upstream's own credential comes from.</summary>
public interface ICredential
{
    /// <summary>A value that requests with this credential must carry in <c>anthropic-beta</c>, or null.</summary>
    string? Beta => null;

    /// <summary>The credential now, or why it cannot be had. Cheap when called for each request.</summary>
    ValueTask<CredentialResult> GetAsync(CancellationToken cancellation);

    /// <summary>The upstream refused what <see cref="GetAsync"/> gave: fetch it anew next time.</summary>
    void Refused();

    /// <summary>
    /// As <see cref="Refused()"/>, where it is known which credential was refused: one that has been replaced meanwhile by another request does not
    /// cause the new one to be fetched again.
    /// </summary>
    void Refused(Secret given) => Refused();
}
