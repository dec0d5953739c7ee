using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Tuppence.Configuration;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Scenes;

/// <summary>An issuer on bare sockets: right in everything, but for what a test has it do wrong.</summary>
public sealed class AuthorizationServer : IAsyncDisposable
{
    public const string ClientId = "tuppence-test";

    private readonly ScriptedUpstream server;

    public AuthorizationServer() => server = ScriptedUpstream.Start(AnswerAsync);

    public string Issuer => server.Url;

    /// <summary>Path under which the metadata lies.</summary>
    public string MetadataPath { get; set; } = "/.well-known/oauth-authorization-server";

    /// <summary>Changes the metadata text before it is sent.</summary>
    public Func<string, string> Metadata { get; set; } = static text => text;

    /// <summary>Answers token requests in place of the right answer; null: the right one.</summary>
    public Func<UpstreamCall, Task>? Token { get; set; }

    /// <summary>Answers revocations in place of 200.</summary>
    public Func<UpstreamCall, Task>? Revocation { get; set; }

    /// <summary>The device authorization answer, without its braces.</summary>
    public string Device { get; set; } = "";

    /// <summary>The nonce that ID tokens repeat.</summary>
    public string? Nonce { get; set; }

    /// <summary>Claims of ID tokens in place of the right ones; null: the right ones.</summary>
    public string? Claims { get; set; }

    public IReadOnlyList<UpstreamCall> Calls => server.Calls;

    /// <summary>Forms that were posted to a path, in order.</summary>
    public IReadOnlyList<Dictionary<string, string>> Forms(string path) =>
        [.. server.Calls.Where(call => call.RequestLine.StartsWith($"POST {path} ", StringComparison.Ordinal)).Select(FormOf)];

    public static Dictionary<string, string> FormOf(UpstreamCall call) =>
        QueryHelpers.ParseQuery(call.Text).ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Who we are here.</summary>
    public ClientRegistration Client(Func<ClientRegistration, ClientRegistration>? change = null)
    {
        var client = new ClientRegistration { Upstream = "work", Origin = "https://llm.example", Issuer = Issuer, ClientId = ClientId };
        return change?.Invoke(client) ?? client;
    }

    /// <summary>The same as configuration of an upstream.</summary>
    public UpstreamConfig Upstream(string url = "https://llm.example", Func<SignInConfig, SignInConfig>? change = null)
    {
        var signIn = new SignInConfig { Issuer = Issuer, ClientId = ClientId };
        return new UpstreamConfig { Url = url, SignIn = change?.Invoke(signIn) ?? signIn };
    }

    /// <summary>The right answer of the token endpoint.</summary>
    public string Tokens() =>
        $$"""{"access_token":"access-1","refresh_token":"refresh-1","token_type":"Bearer","expires_in":3600,"id_token":"{{IdToken()}}"}""";

    /// <summary>An ID token, unsigned as far as anyone can tell.</summary>
    public string IdToken() => Jwt(Claims ?? $$"""{"iss":"{{Issuer}}","aud":"{{ClientId}}","sub":"1","email":"ada@example.test","exp":4102444800{{(Nonce is null ? "" : $",\"nonce\":\"{Nonce}\"")}}}""");

    public static string Jwt(string claims) =>
        $"{Base64Url.EncodeToString("""{"alg":"RS256"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task AnswerAsync(UpstreamCall call)
    {
        var path = call.RequestLine.Split(' ')[1].Split('?')[0];
        return path switch
        {
            "/token" => Token?.Invoke(call) ?? call.AnswerAsync(200, Tokens(), "Date: " + DateTimeOffset.UtcNow.ToString("R") + "\r\n"),
            "/device" => call.AnswerAsync(200, "{" + (Device.Length > 0 ? Device : $"\"device_code\":\"dev-1\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"{Issuer}/activate\",\"expires_in\":300") + "}"),
            "/revoke" => Revocation?.Invoke(call) ?? call.AnswerAsync(200, ""),
            _ when path == MetadataPath => call.AnswerAsync(200, Metadata(
                $$"""{"issuer":"{{Issuer}}","authorization_endpoint":"{{Issuer}}/authorize","token_endpoint":"{{Issuer}}/token","device_authorization_endpoint":"{{Issuer}}/device","revocation_endpoint":"{{Issuer}}/revoke","authorization_response_iss_parameter_supported":true,"scopes_supported":["openid","offline_access"]}""")),
            _ => call.AnswerAsync(404, "{}"),
        };
    }
}
