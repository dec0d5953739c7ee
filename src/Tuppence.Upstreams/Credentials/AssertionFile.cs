using Tuppence.Upstreams.OAuth;

namespace Tuppence.Upstreams.Credentials;

/// <summary>A JWT in a file that another program renews, read anew each time: behind a link, as Kubernetes has it, no date tells of a change.</summary>
/// <param name="path">The file.</param>
public sealed class AssertionFile(string path) : ICredential
{
    /// <inheritdoc/>
    public async ValueTask<CredentialResult> GetAsync(CancellationToken cancellation)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096, useAsync: true);
            var buffer = new byte[FederationEndpoint.MaxAssertionBytes + 256];
            var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            var text = System.Text.Encoding.UTF8.GetString(buffer, 0, length).Trim();
            return length == buffer.Length ? Problem($"is larger than {FederationEndpoint.MaxAssertionBytes / 1024} KB, the most that the exchange takes")
                : text.Length == 0 ? Problem("is empty")
                : text.AsSpan().ContainsAnyExceptInRange('!', '~') ? Problem("holds something else than one JWT")
                : new CredentialResult(new Secret(text), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Problem("does not exist");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problem("cannot be read: " + e.Message);
        }
    }

    /// <inheritdoc/>
    public void Refused()
    {
        // It is read anew anyway.
    }

    private CredentialResult Problem(string what) => new(null, $"The token file “{path}” {what}.");
}
