namespace Tuppence.Upstreams.Credentials;

/// <summary>A key that is the trimmed content of a file, read again when the file changes.</summary>
/// <param name="path">The file.</param>
public sealed class KeyFile(string path) : ICredential
{
    private const int MaxBytes = 64 * 1024;

    private volatile Reading? last;

    /// <inheritdoc/>
    public ValueTask<CredentialResult> GetAsync(CancellationToken cancellation)
    {
        try
        {
            var file = new FileInfo(path);
            if (last is { } known && file.Exists && known.Written == file.LastWriteTimeUtc)
            {
                return new(new CredentialResult(known.Key, null));
            }

            if (!file.Exists)
            {
                return Problem("does not exist");
            }

            if (file.Length > MaxBytes)
            {
                return Problem($"is larger than {MaxBytes / 1024} KB and so no key");
            }

            var text = File.ReadAllText(path).Trim();
            if (text.Length == 0)
            {
                return Problem("is empty");
            }

            if (text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            {
                return Problem("holds more than one line");
            }

            last = new Reading(new Secret(text), file.LastWriteTimeUtc);
            return new(new CredentialResult(last.Key, null));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problem("cannot be read: " + e.Message);
        }
    }

    /// <inheritdoc/>
    public void Refused() => last = null;

    private ValueTask<CredentialResult> Problem(string what) => new(new CredentialResult(null, $"The key file “{path}” {what}."));

    private sealed record Reading(Secret Key, DateTime Written);
}
