using System.Text.Json;
using Tuppence.Commands;
using Tuppence.Configuration.Loading;
using Tuppence.Tests.Promises;
using Tuppence.Tests.Scenes;
using Tuppence.Tests.Unit.Configuration;

namespace Tuppence.Tests.Functional.Configuration;

/// <summary><c>tuppence login</c>, <c>logout</c> and <c>status</c> against an issuer on sockets.</summary>
public sealed class SignInCommandTests : IAsyncLifetime
{
    private readonly Scene scene = new();
    private readonly GatewayClock clock = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();
    private readonly IssuerScene issuer;

    public SignInCommandTests() => issuer = new IssuerScene(clock);

    public ValueTask InitializeAsync()
    {
        scene.File($$"""{ "upstream": "work", "upstreams": { "work": { "url": "https://llm.example", "sign_in": { "issuer": "{{issuer.Server.Issuer}}", "client_id": "tuppence-test" } } } }""");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await issuer.DisposeAsync();
        scene.Dispose();
    }

    [Fact]
    public async Task Without_a_display_login_shows_a_code()
    {
        var login = RunAsync("login");
        await clock.UntilArmedAsync(TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(0, await login);
        Assert.Contains("enter the code ABCD-EFGH", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Signed in as ada@example.test.", output.ToString(), StringComparison.Ordinal);
        Assert.Equal("access-1", issuer.Keeper.Grants["work"].AccessToken.Reveal());
        Assert.DoesNotContain("access-1", output.ToString() + error, StringComparison.Ordinal);
        Assert.DoesNotContain("dev-1", output.ToString() + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_container_without_device_flow_the_address_is_shown_with_the_way_back()
    {
        issuer.Server.Metadata = text => text.Replace($",\"device_authorization_endpoint\":\"{issuer.Server.Issuer}/device\"", "", StringComparison.Ordinal);
        scene.InContainer();
        scene.Variable("TUPPENCE_HOST", "127.0.0.1");
        var login = RunAsync("login", "work");

        var url = new Uri(await AddressAsync());
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(url.Query);
        issuer.Server.Nonce = query["nonce"];
        var redirect = new Uri(query["redirect_uri"]!);
        await Gate.UntilAsync(() => output.ToString().Contains($"ssh -L {redirect.Port}:127.0.0.1:{redirect.Port}", StringComparison.Ordinal));
        await RawClient.ExchangeAsync(redirect.Port, $"GET /callback?code=c&state={query["state"]}&iss={Uri.EscapeDataString(issuer.Server.Issuer)} HTTP/1.1\r\nHost: {redirect.Authority}\r\n\r\n");

        Assert.Equal(0, await login);
        Assert.True(issuer.Keeper.Grants.ContainsKey("work"));
    }

    [Fact]
    public async Task A_denial_is_an_error_with_the_issuers_words()
    {
        var login = RunAsync("login", "--no-browser");
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(await AddressAsync()).Query);
        var redirect = new Uri(query["redirect_uri"]!);
        await RawClient.ExchangeAsync(redirect.Port, $"GET /callback?error=access_denied&error_description=Not+you&state={query["state"]}&iss={Uri.EscapeDataString(issuer.Server.Issuer)} HTTP/1.1\r\nHost: {redirect.Authority}\r\n\r\n");

        Assert.Equal(1, await login);
        Assert.Contains("access_denied (Not you)", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(issuer.Keeper.Grants);
    }

    [Fact]
    public async Task Giving_up_ends_it_with_130_and_frees_the_port()
    {
        using var stop = new CancellationTokenSource();
        var login = RunAsync(stop.Token, "login", "--no-browser");
        var redirect = new Uri(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(await AddressAsync()).Query)["redirect_uri"]!);

        await stop.CancelAsync();

        Assert.Equal(130, await login);
        Assert.Contains("Given up; nothing was changed.", error.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => RawClient.ConnectAsync(redirect.Port));
    }

    [Fact]
    public async Task Changed_endpoints_need_a_flag()
    {
        issuer.Keeper.Grants["work"] = P21_Logging_out_revokes.Grant(issuer.Server.Issuer) with { TokenEndpoint = new Uri("https://old.example/token") };

        Assert.Equal(1, await RunAsync("login", "--device"));
        Assert.Contains("https://old.example/token", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("--accept-changes", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(issuer.Server.Forms("/device"));

        var login = RunAsync("login", "--device", "--accept-changes");
        await clock.UntilArmedAsync(TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, await login);
    }

    [Fact]
    public async Task Status_tells_who_is_signed_in_and_exits_1_where_somebody_must()
    {
        Assert.Equal(1, await RunAsync("status"));
        Assert.StartsWith("work  sign-in needed", output.ToString(), StringComparison.Ordinal);

        issuer.Keeper.Grants["work"] = P21_Logging_out_revokes.Grant(issuer.Server.Issuer);
        issuer.Keeper.Grants["gone"] = P21_Logging_out_revokes.Grant(issuer.Server.Issuer) with { Upstream = "gone" };
        output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("status", "--json"));

        using var json = JsonDocument.Parse(output.ToString());
        var rows = json.RootElement.GetProperty("upstreams");
        Assert.Equal(("work", true), (rows[0].GetProperty("upstream").GetString(), rows[0].GetProperty("signed_in").GetBoolean()));
        Assert.Contains("tuppence logout gone", rows[1].GetProperty("status").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("-1\"", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_for_another_address_does_not_count()
    {
        issuer.Keeper.Grants["work"] = P21_Logging_out_revokes.Grant(issuer.Server.Issuer) with { Origin = "https://other.example" };

        Assert.Equal(1, await RunAsync("status"));
        Assert.Contains("another address", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logout_says_what_it_did()
    {
        Assert.Equal(0, await RunAsync("logout"));
        Assert.Contains("Nobody is signed in.", output.ToString(), StringComparison.Ordinal);

        issuer.Keeper.Grants["work"] = P21_Logging_out_revokes.Grant(issuer.Server.Issuer);
        issuer.Keeper.Grants["gone"] = P21_Logging_out_revokes.Grant(issuer.Server.Issuer) with { Upstream = "gone", RevocationEndpoint = null };
        Assert.Equal(ExitCode.Usage, await RunAsync("logout"));
        Assert.Equal(2, issuer.Keeper.Grants.Count);

        Assert.Equal(0, await RunAsync("logout", "--all"));
        Assert.Empty(issuer.Keeper.Grants);
        Assert.Contains("work: signed out; the tokens are gone from this machine and revoked at the issuer.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("gone: The issuer", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "upstreams": { "a": { "url": "https://a.example" } } }""", "no upstream has a sign-in", "login")]
    [InlineData("""{ "upstreams": { "a": { "url": "https://a.example", "sign_in": { "issuer": "https://i.example" } }, "b": { "url": "https://b.example", "sign_in": { "issuer": "https://i.example" } } } }""", "name one of: a, b", "login")]
    [InlineData("""{ "upstreams": { "a": { "url": "https://a.example", "sign_in": { "issuer": "https://i.example" } } } }""", "there is no upstream “x”", "login", "x")]
    public async Task Which_upstream_must_be_clear(string file, string shown, params string[] args)
    {
        scene.File(file);

        Assert.Equal(1, await RunAsync(args));
        Assert.Contains(shown, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "client_id": "x" }""", null, "not where people sign in")]
    [InlineData("""{ "issuer": "https://claude.ai" }""", null, "Anthropic's own programs")]
    [InlineData("""{ "issuer": "https://i.example", "authorization_endpoint": "https://console.anthropic.com/oauth" }""", null, "Anthropic's own programs")]
    [InlineData("""{ "issuer": "https://i.example", "parameters": { "state": "x" } }""", null, "set by the sign-in itself")]
    [InlineData("""{ "issuer": "https://i.example", "client_secret_env": "NOT_SET" }""", null, "is not set")]
    [InlineData(null, """{ "rule_id": "fdrl_1" }""", "both rule_id and organization_id")]
    [InlineData(null, """{ "rule_id": "fdrl_1", "organization_id": "o" }""", "no JWT to exchange")]
    public async Task A_sign_in_that_cannot_work_is_a_configuration_error(string? signIn, string? federation, string shown)
    {
        scene.File($$"""{ "upstreams": { "a": { "url": "https://a.example"{{(signIn is null ? "" : $", \"sign_in\": {signIn}")}}{{(federation is null ? "" : $", \"federation\": {federation}")}} } } }""");

        Assert.Equal(78, await RunAsync("status"));
        Assert.Contains(shown, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_clients_secret_comes_from_its_variable_and_is_never_shown()
    {
        var loaded = scene.File("""{ "upstreams": { "a": { "url": "https://a.example", "sign_in": { "issuer": "https://i.example", "client_secret_env": "A_SECRET" } } } }""").Variable("A_SECRET", "s3cret-value").Loaded();

        Assert.Equal("s3cret-value", loaded.Config.Upstreams["a"].SignIn.ClientSecret!.Reveal());
    }

    private async Task<string> AddressAsync()
    {
        await Gate.UntilAsync(() => output.ToString().Contains("/authorize?", StringComparison.Ordinal) && output.ToString().Contains("Waiting", StringComparison.Ordinal));
        return output.ToString().Split('\n').Single(static line => line.Contains("/authorize?", StringComparison.Ordinal)).Trim();
    }

    private Task<int> RunAsync(params string[] args) => RunAsync(TestContext.Current.CancellationToken, args);

    private Task<int> RunAsync(CancellationToken stop, params string[] args) =>
        new CommandLine(new NoHosts(), new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(error)), scene.Surroundings, clock, _ => issuer.Keeper).RunAsync(args, stop);

    private sealed class NoHosts : IHosts
    {
        public Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop) => throw new InvalidOperationException();

        public Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop) => throw new InvalidOperationException();
    }
}
