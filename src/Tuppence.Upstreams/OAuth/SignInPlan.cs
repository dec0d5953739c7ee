using System.Security.Cryptography;
using System.Text;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.OAuth;

/// <summary>A sign-in that can begin: the issuer is known, and what a person should see first.</summary>
public sealed class SignInPlan
{
    private readonly OAuthContext context;
    private readonly GrantIntake intake;

    private SignInPlan(ClientRegistration client, IssuerMetadata issuer, OAuthContext context, IGrantKeeper keeper, StoredGrant? before)
    {
        (Client, Issuer, this.context) = (client, issuer, context);
        intake = new GrantIntake(client, issuer, context, keeper);
        Notices = Notes(before);
        Changes = Differences(before);
    }

    /// <summary>Who we are at the issuer.</summary>
    public ClientRegistration Client { get; }

    /// <summary>The issuer.</summary>
    public IssuerMetadata Issuer { get; }

    /// <summary>What a person should know before they sign in: endpoints on hosts that are not the issuer's.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Pinned endpoints that are others now; someone must agree to them.</summary>
    public IReadOnlyList<string> Changes { get; }

    /// <summary>Stands for exactly these endpoints, so that agreeing to them is not agreeing to whatever the issuer says next.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', Issuer.Issuer, Issuer.AuthorizationEndpoint, Issuer.TokenEndpoint, Issuer.DeviceAuthorizationEndpoint, Issuer.RevocationEndpoint))))[..16];

    /// <summary>True where a browser can be used: the issuer has an authorization endpoint, and the client is registered there.</summary>
    public bool OffersBrowser => Issuer.AuthorizationEndpoint is not null && Client.ClientId is not null;

    /// <summary>True where a code can be typed on another device.</summary>
    public bool OffersDevice => Issuer.DeviceAuthorizationEndpoint is not null;

    /// <summary>Finds the issuer and compares it with the last sign-in.</summary>
    public static async Task<(SignInPlan? Plan, SignInProblem? Problem)> MakeAsync(ClientRegistration client, OAuthContext context, IGrantKeeper keeper, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(keeper);
        var (issuer, problem) = await Discovery.FindAsync(client, context.Http, cancellation);
        if (issuer is null)
        {
            return (null, problem);
        }

        var plan = new SignInPlan(client, issuer, context, keeper, (await keeper.FindAsync(client.Upstream, cancellation)).Entry?.Grant);
        return plan.OffersBrowser || plan.OffersDevice ? (plan, null) : (null, new SignInProblem(
            SignInProblemKind.Configuration,
            client.ClientId is null
                ? $"The issuer {client.Issuer} has no device flow, and a browser sign-in needs a registered client: set sign_in.client_id of the upstream “{client.Upstream}”."
                : $"The issuer {client.Issuer} offers neither a browser sign-in nor the device flow."));
    }

    /// <summary>Begins in the browser. The caller opens <see cref="BrowserSignIn.Url"/> and disposes of it in the end.</summary>
    public (BrowserSignIn? SignIn, SignInProblem? Problem) StartBrowser() => OffersBrowser
        ? BrowserSignIn.Start(Client, Issuer, Scope, context, intake)
        : (null, new SignInProblem(SignInProblemKind.Configuration, $"The issuer {Client.Issuer} offers no browser sign-in to this client; use the device flow (tuppence login --device)."));

    /// <summary>Begins with a code for another device.</summary>
    public async Task<(DeviceSignIn? SignIn, SignInProblem? Problem)> StartDeviceAsync(CancellationToken cancellation)
    {
        if (!OffersDevice)
        {
            return (null, new SignInProblem(SignInProblemKind.Configuration, $"The issuer {Client.Issuer} has no device flow; sign in in a browser (tuppence login)."));
        }

        var (codes, problem) = await DeviceAuthorization.RequestAsync(Client, Issuer, Scope, context.Http, cancellation);
        return codes is null ? (null, problem) : (new DeviceSignIn(codes, context, intake), null);
    }

    private string? Scope
    {
        get
        {
            IEnumerable<string> wanted = Client.Scopes.Count > 0 ? Client.Scopes : ((string[])["openid", "offline_access"]).Where(scope => Issuer.Scopes.Contains(scope, StringComparer.Ordinal));
            return string.Join(' ', wanted) is { Length: > 0 } scope ? scope : null;
        }
    }

    private List<string> Notes(StoredGrant? before) => Issuer.ForeignHosts.Count == 0 || before?.TokenEndpoint == Issuer.TokenEndpoint ? []
        : [$"The issuer {Issuer.Issuer} has endpoints on {string.Join(" and ", Issuer.ForeignHosts)}. Some issuers do; go on only if you know these hosts as theirs."];

    private List<string> Differences(StoredGrant? before)
    {
        // Another issuer in the configuration is the user's own doing.
        if (before is null || before.Issuer != Issuer.Issuer)
        {
            return [];
        }

        var changes = new List<string>();
        if (before.TokenEndpoint != Issuer.TokenEndpoint)
        {
            changes.Add($"The token endpoint was {before.TokenEndpoint} and is {Issuer.TokenEndpoint} now.");
        }

        if (before.RevocationEndpoint is { } revocation && revocation != Issuer.RevocationEndpoint)
        {
            changes.Add($"The revocation endpoint was {revocation} and is {Issuer.RevocationEndpoint?.ToString() ?? "gone"} now.");
        }

        return changes;
    }
}
