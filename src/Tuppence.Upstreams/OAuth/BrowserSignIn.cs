using System.Security.Cryptography;
using System.Text;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>
/// One sign-in in a browser: authorization code with PKCE S256 and a loopback redirect (RFC 6749 section 4.1, RFC 7636, RFC 8252). It
/// lives ten minutes and takes one answer, the one that carries its <c>state</c> and comes from its issuer (RFC 9207).
/// </summary>
public sealed class BrowserSignIn : IAsyncDisposable
{
    /// <summary>How long a person has.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ClientRegistration client;
    private readonly IssuerMetadata issuer;
    private readonly OAuthContext context;
    private readonly GrantIntake intake;
    private readonly ProofKey proof;
    private readonly string state;
    private readonly string? nonce;
    private readonly TaskCompletionSource<SignInResult> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource givenUp = new();
    private readonly ITimer timer;
    private LoopbackListener listener = null!;
    private int taken;

    private BrowserSignIn(ClientRegistration client, IssuerMetadata issuer, string? scope, OAuthContext context, GrantIntake intake)
    {
        (this.client, this.issuer, this.context, this.intake) = (client, issuer, context, intake);
        proof = ProofKey.Create(context.Random);
        state = ProofKey.RandomText(context.Random);
        nonce = AuthorizationUrl.Asks(scope, "openid") ? ProofKey.RandomText(context.Random) : null;
        timer = context.Time.CreateTimer(static self => ((BrowserSignIn)self!).Expire(), this, Life, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where the browser is to go.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Where it comes back to.</summary>
    public Uri RedirectUri => listener.Address;

    /// <summary>How it ends; never fails.</summary>
    public Task<SignInResult> Completion => ended.Task;

    /// <summary>Gives the sign-in up.</summary>
    public void Cancel() => End(SignInProblemKind.Cancelled, "The sign-in was given up before it ended. Start again where you started it.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cancel();
        await givenUp.CancelAsync();
        await timer.DisposeAsync();
        await listener.DisposeAsync();
        givenUp.Dispose();
    }

    internal static (BrowserSignIn? SignIn, SignInProblem? Problem) Start(ClientRegistration client, IssuerMetadata issuer, string? scope, OAuthContext context, GrantIntake intake)
    {
#pragma warning disable CA2000 // It is the caller's, or has nothing to dispose of but its timer.
        var signIn = new BrowserSignIn(client, issuer, scope, context, intake);
#pragma warning restore CA2000
        var (listener, problem) = LoopbackListener.Start(client.RedirectHost, client.RedirectPort, client.RedirectPath, signIn.AnswerAsync, context.Time);
        if (listener is null)
        {
            signIn.timer.Dispose();
            return (null, new SignInProblem(SignInProblemKind.PortTaken, problem!));
        }

        signIn.listener = listener;
        signIn.Url = AuthorizationUrl.Write(client, issuer.AuthorizationEndpoint!, listener.Address, scope, signIn.state, signIn.nonce, signIn.proof.Challenge);
        return (signIn, null);
    }

    /// <summary>The page for one visit to the redirect URI.</summary>
    internal async Task<CallbackPage> AnswerAsync(string query)
    {
        var answer = CallbackQuery.Read(query);
        if (answer.State is not { } given || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(state)))
        {
            return CallbackPage.WrongState;
        }

        if (Interlocked.Exchange(ref taken, 1) != 0)
        {
            return Completion is { IsCompletedSuccessfully: true, Result.Problem: { Kind: SignInProblemKind.Expired or SignInProblemKind.Cancelled } over } ? CallbackPage.Of(over) : CallbackPage.Replayed;
        }

        var result = await JudgeAsync(answer);
        ended.TrySetResult(result);
        return result.IsSuccess ? CallbackPage.Success(intake.Upstream, result.Grant.Account) : CallbackPage.Of(result.Problem);
    }

    private async Task<SignInResult> JudgeAsync(CallbackQuery answer)
    {
        if (answer.Issuer is null ? issuer.AnnouncesIssuer : !string.Equals(answer.Issuer, issuer.Issuer, StringComparison.Ordinal))
        {
            return SignInResult.Of(
                SignInProblemKind.WrongIssuer,
                $"You were to sign in at {issuer.Issuer}, but the answer says it is from {(answer.Issuer is null ? "nobody" : $"“{ServerWords.Clean(answer.Issuer)}”")}. Nothing was sent there. Start again; if it stays so, someone may be trying to mix up two sign-ins, or sign_in.issuer is wrong.");
        }

        if (answer.Error is { Length: > 0 } error)
        {
            var phrase = ServerWords.Phrase(error, answer.ErrorDescription);
            return error == "access_denied"
                ? SignInResult.Of(SignInProblemKind.Denied, $"{issuer.Issuer} says: {phrase}. Nothing was changed; start again if that was not meant.")
                : SignInResult.Of(SignInProblemKind.IssuerError, $"{issuer.Issuer} says: {phrase}. Check the client and its redirect URI ({RedirectUri}) at the issuer, and sign_in.scopes.");
        }

        if (answer.Code is not { Length: > 0 } code)
        {
            return SignInResult.Of(SignInProblemKind.IssuerError, $"{issuer.Issuer} answered with neither a code nor an error. Start again.");
        }

        try
        {
            var tokens = await intake.Tokens.ExchangeCodeAsync(new Secret(code), RedirectUri, proof.Verifier, client.Resource, givenUp.Token);
            return tokens.IsSuccess
                ? await intake.TakeAsync(tokens.Answer, nonce, givenUp.Token)
                : SignInResult.Of(SignInProblemKind.NoTokens, $"You signed in, but the issuer gave no tokens. {tokens.Problem.Detail} Start again; where it stays so, check client_id and client_secret_env.");
        }
        catch (OperationCanceledException)
        {
            return SignInResult.Of(SignInProblemKind.Cancelled, "The sign-in was given up before it ended. Start again where you started it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // Whoever waits must learn that it ended.
            return SignInResult.Of(SignInProblemKind.NotKept, $"You signed in, but the tokens could not be kept: {e.Message}");
        }
    }

    private void Expire() => End(SignInProblemKind.Expired, $"A sign-in must end within {Life.TotalMinutes:0} minutes, and this one did not. Start again.");

    private void End(SignInProblemKind kind, string message)
    {
        if (Interlocked.Exchange(ref taken, 1) == 0)
        {
            ended.TrySetResult(SignInResult.Of(kind, message));
        }
    }
}
