using CsCheck;
using Tuppence.Tests.Properties;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Promises;

/// <summary>P8 as design.md amends it: an open list of header lines, minus hop-by-hop fields, cookies, browser and forwarding fields, gateway keys and our own.</summary>
public sealed class P08_Private_headers_stay_here
{
    private const string GatewayKey = "gate-0123456789";

    private static readonly string[] Denied =
    [
        "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Expect", "Cookie", "Referer",
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server", "X-Real-IP",
        "x-tuppence-upstream", "x-tuppence-anything", "X-Named-In-Connection",
    ];

    private static readonly Gen<string> Cased = Gen.Select(OddBytes.Pick([.. Denied.Where(static name => name != "x-tuppence-upstream")]), Gen.Int).Select(static (name, seed) =>
    {
        var random = new Random(seed);
        return string.Concat(name.Select(letter => random.Next(2) == 0 ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter)));
    });

    private static readonly Gen<string> Open = Gen.String[Gen.Char["!#$%&'*+-.^_`|~abcXYZ019"], 1, 20].Select(static name => "x-open-" + name);

    private static readonly Gen<string> Value = Gen.OneOf(Gen.String[Gen.Char["abc/=;, 019"], 1, 20].Select(static text => "v" + text + "v"), Gen.Const("100-continue"));

    [Fact]
    public async Task Whatever_they_are_called_and_however_often_they_come()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with
        {
            GatewayKeys = [new Secret(GatewayKey)],
            AllowedOrigins = ["https://chat.example"],
        });

        await Gen.Select(Gen.OneOf(Cased, Open), Value).Array[0, 25].SampleAsync(
            async lines =>
            {
                var before = upstream.Calls.Count;
                var headers = string.Concat(lines.Select(line => $"{line.Item1}: {(line.Item1.Equals("expect", StringComparison.OrdinalIgnoreCase) ? "100-continue" : line.Item2)}\r\n"));

                var answer = await gateway.PostAsync("{}", headers: $"{headers}X-Tuppence-Upstream: upstream\r\nx-api-key: {GatewayKey}\r\nOrigin: https://chat.example\r\nConnection: X-Named-In-Connection\r\n");

                Assert.Equal(200, answer.Status);
                var call = upstream.Calls[before];
                Assert.DoesNotContain(call.Headers, line => Denied.Contains(line.Name, StringComparer.OrdinalIgnoreCase));
                Assert.DoesNotContain(call.Headers, line => line.Name.ToLowerInvariant() is "origin" or "connection" or "x-api-key" or "authorization");
                Assert.DoesNotContain(GatewayKey, call.Head, StringComparison.Ordinal);
                Assert.Equal(
                    lines.Where(line => line.Item1.StartsWith("x-open-", StringComparison.Ordinal)).Select(line => (line.Item1, line.Item2)).Order(),
                    call.Headers.Where(line => line.Name.StartsWith("x-open-", StringComparison.Ordinal)).Select(line => (line.Name, line.Value)).Order());
            },
            iter: 150,
            threads: 1);
    }

    [Theory]
    [InlineData("x-api-key: " + GatewayKey + "\r\nx-api-key: " + GatewayKey + "\r\n")]
    [InlineData("Authorization: Bearer " + GatewayKey + "\r\n")]
    [InlineData("authorization: bearer   " + GatewayKey + "\r\n")]
    [InlineData("x-api-key: " + GatewayKey + "\r\nAuthorization: Bearer " + GatewayKey + "\r\n")]
    [InlineData("x-api-key: " + GatewayKey + "\r\nAuthorization: " + GatewayKey + "\r\n")]
    [InlineData("x-api-key: sk-ant-own\r\nx-api-key: " + GatewayKey + "\r\nAuthorization: Bearer " + GatewayKey + "\r\n")]
    [InlineData("x-api-key: " + GatewayKey + "\r\nAuthorization: Bearer sk-ant-own\r\nAuthorization: Bearer " + GatewayKey + "\r\n")]
    public async Task A_gateway_key_never_goes_up_in_any_form_that_is_let_in(string headers)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { GatewayKeys = [new Secret(GatewayKey)] });

        var answer = await gateway.PostAsync("{}", headers: headers);

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(GatewayKey, upstream.Calls.Single().Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connection: X-Named\r\n")]
    [InlineData("Connection: close, X-Named\r\n")]
    [InlineData("connection:x-named ,Keep-Alive\r\n")]
    [InlineData("Connection: Keep-Alive\r\nConnection: X-NAMED\r\n")]
    [InlineData("Connection: a, b\r\nConnection: x-named\r\nConnection: close\r\n")]
    public async Task What_Connection_names_ends_here(string connection)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);

        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync($"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Named: 1\r\nX-Other: 2\r\n{connection}\r\n");

        Assert.Equal(200, (await client.ReadAsync()).Status);
        Assert.Equal("Host,X-Other", string.Join(',', upstream.Calls.Single().Headers.Select(static line => line.Name)));
    }

    [Fact]
    public async Task A_cookie_of_the_upstream_does_not_come_down()
    {
        await using var upstream = ScriptedUpstream.Answering("{}", headers: "Set-Cookie: a=1\r\nset-cookie: b=2\r\nConnection: X-Hop\r\nX-Hop: 1\r\nProxy-Authenticate: Basic\r\n");
        await using var gateway = await TestGateway.StartAsync(upstream);

        var answer = await gateway.PostAsync("{}");

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(answer.Headers, line => line.Name.ToLowerInvariant() is "set-cookie" or "x-hop" or "proxy-authenticate");
    }
}
