using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Scenes;

/// <summary>An issuer, a keeper and what a sign-in between them needs.</summary>
public sealed class IssuerScene(TimeProvider? time = null) : IAsyncDisposable
{
    public AuthorizationServer Server { get; } = new();

    public MemoryKeeper Keeper { get; } = new();

    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    public HttpMessageInvoker Http { get; } = OAuthTransport.Create(null, "tuppence/test", time ?? TimeProvider.System);

    public OAuthContext Context => new(Http, Time, RandomNumberGenerator.GetBytes);

    public async Task<SignInPlan> PlanAsync(Func<ClientRegistration, ClientRegistration>? change = null)
    {
        var (plan, problem) = await SignInPlan.MakeAsync(Server.Client(change), Context, Keeper, TestContext.Current.CancellationToken);
        Assert.True(plan is not null, problem?.Message);
        return plan;
    }

    public async Task<SignInProblem> NoPlanAsync(Func<ClientRegistration, ClientRegistration>? change = null)
    {
        var (plan, problem) = await SignInPlan.MakeAsync(Server.Client(change), Context, Keeper, TestContext.Current.CancellationToken);
        Assert.Null(plan);
        return problem!;
    }

    public async Task<BrowserSignIn> BrowserAsync(Func<ClientRegistration, ClientRegistration>? change = null)
    {
        var (signIn, problem) = (await PlanAsync(change)).StartBrowser();
        Assert.True(signIn is not null, problem?.Message);
        Server.Nonce = Query(signIn, "nonce");
        return signIn;
    }

    /// <summary>A parameter of the authorization request.</summary>
    public static string? Query(BrowserSignIn signIn, string name) => QueryHelpers.ParseQuery(signIn.Url.Query).TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Comes back to the redirect URI with this query.</summary>
    public static Task<RawResponse> ComeBackAsync(BrowserSignIn signIn, string query) =>
        RawClient.ExchangeAsync(signIn.RedirectUri.Port, $"GET {signIn.RedirectUri.AbsolutePath}?{query} HTTP/1.1\r\nHost: {signIn.RedirectUri.Authority}\r\n\r\n");

    /// <summary>The right answer of the issuer.</summary>
    public string RightAnswer(BrowserSignIn signIn) => $"code=code-1&state={Query(signIn, "state")}&iss={Uri.EscapeDataString(Server.Issuer)}";

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
