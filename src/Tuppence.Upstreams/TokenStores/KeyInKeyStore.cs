using System.Text;
using Microsoft.Identity.Client.Extensions.Msal;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>The key in the operating system's key store: Secret Service, macOS Keychain, or encrypted by Windows' DPAPI.</summary>
/// <remarks>
/// The libraries behind it block without a limit while a locked key store waits for its password, so they are called on a thread of their own
/// and given up after a while. Reading a key store without D-Bus fails at once.
/// </remarks>
internal sealed class KeyInKeyStore(PrivateFolder folder, TimeProvider time) : IKeySource
{
    private const string Application = "tuppence";
    private const string FileName = "tokens.key.os";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Place => OperatingSystem.IsWindows() ? $"“{folder[FileName]}”, encrypted by Windows for this user"
        : OperatingSystem.IsMacOS() ? "the Keychain"
        : "the key store of the desktop (Secret Service)";

    /// <inheritdoc/>
    public string? Warning => null;

    /// <inheritdoc/>
    public async ValueTask<KeyResult> FindAsync(string? name, CancellationToken cancellation)
    {
        var found = await CallAsync(static storage => storage.ReadData(), cancellation);
        return name is null || found.Key is null || found.Key.Name == name ? found : default;
    }

    /// <inheritdoc/>
    public async ValueTask<KeyResult> FindOrCreateAsync(CancellationToken cancellation)
    {
        var found = await FindAsync(null, cancellation);
        if (found.Key is not null || found.Problem is not null)
        {
            return found;
        }

        var key = StoreKey.Create();
        var stored = await CallAsync(
            storage =>
            {
                storage.WriteData(Encoding.ASCII.GetBytes(key.Reveal()));
                return storage.ReadData();
            },
            cancellation);
        return stored.Key?.Name == key.Name ? stored : new KeyResult(null, stored.Problem ?? $"What was put into {Place} did not come back.");
    }

    private async Task<KeyResult> CallAsync(Func<Storage, byte[]?> call, CancellationToken cancellation)
    {
        try
        {
            var bytes = await Task.Factory
                .StartNew(() => call(Open()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(Patience, time, cancellation);
            return bytes is null or { Length: 0 } ? default
                : StoreKey.Parse(Encoding.ASCII.GetString(bytes)) is { } key ? new KeyResult(key, null)
                : new KeyResult(null, $"What {Place} holds under “{Application}” is no key. Remove that entry and sign in again.");
        }
        catch (TimeoutException)
        {
            return new KeyResult(null, $"{Sentence(Place)} did not answer within {Patience.TotalSeconds:0} s. It may be waiting for its password: unlock it.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The libraries throw of every kind; none of them is handed the key but to store it.
            return new KeyResult(null, $"{Sentence(Place)} cannot be used: {e.Message}");
        }
    }

    private static string Sentence(string place) => char.ToUpperInvariant(place[0]) + place[1..];

    private Storage Open() => Storage.Create(
        new StorageCreationPropertiesBuilder(FileName, folder.Path)
            .WithLinuxKeyring(
                "io.tuppence.token-key", MsalCacheHelper.LinuxKeyRingDefaultCollection, "Tuppence: key of the stored sign-ins",
                new KeyValuePair<string, string>("application", Application), new KeyValuePair<string, string>("folder", folder.Path))
            .WithMacKeyChain(Application, folder.Path)
            .Build());
}
