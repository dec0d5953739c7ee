using Tuppence.TokenDriver;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Scenes;

/// <summary>A state directory for one test, with a token file in it whose key stands in a file: no test touches a person's key store.</summary>
public sealed class TokenFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("tuppence-tokens-").FullName;

    public TokenFolder() => Store = new TokenFile(Path, TimeProvider.System, usesKeyStore: false) { Patience = TimeSpan.FromSeconds(20) };

    /// <summary>The state directory; not made yet.</summary>
    public string Path => System.IO.Path.Combine(root, "state");

    public TokenFile Store { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public IEnumerable<string> Files => Directory.EnumerateFiles(Path).Select(static file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal);

    /// <summary>Stores a sign-in, by default one whose access token ended an hour ago.</summary>
    public async Task SignInAsync(RotatingIssuer issuer, TimeSpan? age = null) =>
        await SignInAsync(Grants.Of(issuer.Endpoint, issuer.SignIn(), TimeProvider.System.GetUtcNow() - (age ?? TimeSpan.FromHours(2))));

    public async Task SignInAsync(StoredGrant grant)
    {
        using var lease = await LeaseAsync();
        Assert.Equal(SaveResult.Saved, await lease.SignInAsync(grant, CancellationToken.None));
    }

    public async Task<ITokenLease> LeaseAsync()
    {
        var (lease, problem) = await Store.AcquireAsync(CancellationToken.None);
        Assert.Null(problem);
        return lease!;
    }

    public async Task<StoredEntry> EntryAsync()
    {
        var (entry, problem) = await Store.ReadAsync(Grants.Upstream, CancellationToken.None);
        Assert.Null(problem);
        return entry!;
    }

    /// <summary>Sets the mode, in octal, of a file, or of the folder itself where the name is empty.</summary>
    public void SetMode(string name, string octal)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(this[name], (UnixFileMode)Convert.ToInt32(octal, 8));
        }
    }

    /// <summary>The mode, in octal.</summary>
    public string Mode(string name) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(this[name]), 8);

    public void Dispose()
    {
        Store.Dispose();
        if (Directory.Exists(Path))
        {
            SetMode("", "700");
        }

        Directory.Delete(root, recursive: true);
    }
}
