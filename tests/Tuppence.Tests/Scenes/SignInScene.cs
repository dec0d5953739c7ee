using System.Collections.Concurrent;
using Tuppence.TokenDriver;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Scenes;

/// <summary>A credential over a token file of its own, with an issuer that answers by a script and a clock that stands still.</summary>
public sealed class SignInScene : IGrantRefresher, IAsyncDisposable
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentQueue<Func<CancellationToken, Task<TokenResult>>> script = new();
    private readonly List<SignedInCredential> credentials = [];

    public SignInScene() => Credential = Another();

    public TokenFolder Folder { get; } = new();

    public JumpingClock Time { get; } = new();

    public SignedInCredential Credential { get; }

    /// <summary>Refresh tokens in the order in which they were sent.</summary>
    public ConcurrentQueue<string> Sent { get; } = new();

    public static TokenResult Tokens(string number, TimeSpan? lifetime = null, DateTimeOffset? date = null) =>
        TokenResult.Of(new TokenAnswer(new Secret("at-" + number), new Secret("rt-" + number), null, lifetime ?? Lifetime, null, date));

    public static TokenResult Problem(TokenProblemKind kind, bool isAnswered = false) => TokenResult.Of(new TokenProblem(kind, null, "It went wrong.") { IsAnswered = isAnswered });

    /// <summary>A credential of another process, so to speak: over the same file and with the same issuer.</summary>
    public SignedInCredential Another(SignInTarget? target = null, ITokenStore? store = null)
    {
        var credential = new SignedInCredential(target ?? Grants.Target, store ?? Folder.Store, this, Time, static () => 0.5);
        credentials.Add(credential);
        return credential;
    }

    public SignInScene Then(params TokenResult[] answers)
    {
        foreach (var answer in answers)
        {
            script.Enqueue(_ => Task.FromResult(answer));
        }

        return this;
    }

    public SignInScene Then(Func<CancellationToken, Task<TokenResult>> answer)
    {
        script.Enqueue(answer);
        return this;
    }

    /// <summary>Stores a sign-in of so long ago.</summary>
    public Task SignInAsync(TimeSpan age = default, string refreshToken = "rt-0") =>
        Folder.SignInAsync(Grants.Of(new Uri("https://login.example/token"), refreshToken, Time.GetUtcNow() - age, Lifetime));

    public Task<TokenResult> RefreshAsync(StoredGrant grant, CancellationToken cancellation)
    {
        Sent.Enqueue(grant.RefreshToken!.Reveal());
        return script.TryDequeue(out var answer) ? answer(cancellation) : throw new InvalidOperationException("The script has no more answers.");
    }

    /// <summary>The token that a request gets, or the problem.</summary>
    public async Task<string> GetAsync(SignedInCredential? credential = null)
    {
        var (secret, problem) = await (credential ?? Credential).GetAsync(CancellationToken.None);
        return secret?.Reveal() ?? problem!;
    }

    /// <summary>Waits until no refresh is under way any more, and so many were sent.</summary>
    public Task UntilSentAsync(int times) => Gate.UntilAsync(() => Sent.Count >= times && !Credential.State.IsRefreshing);

    public async ValueTask DisposeAsync()
    {
        foreach (var credential in credentials)
        {
            await credential.DisposeAsync();
        }

        Folder.Dispose();
    }
}
