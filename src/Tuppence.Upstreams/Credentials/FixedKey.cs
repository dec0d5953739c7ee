namespace Tuppence.Upstreams.Credentials;

/// <summary>A key that stands in the configuration or the environment.</summary>
public sealed class FixedKey(Secret key) : ICredential
{
    /// <inheritdoc/>
    public ValueTask<CredentialResult> GetAsync(CancellationToken cancellation) => new(new CredentialResult(key, null));

    /// <inheritdoc/>
    public void Refused()
    {
        // There is no other place to look.
    }
}
