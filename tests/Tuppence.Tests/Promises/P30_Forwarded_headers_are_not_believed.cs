using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Promises;

/// <summary>P30: what a client says of itself or of hops before it opens no door, changes no address, and goes no further.</summary>
public sealed class P30_Forwarded_headers_are_not_believed
{
    public static TheoryData<string> Spoofs =>
    [
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Host: localhost",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 443",
        "X-Forwarded-Prefix: /health",
        "X-Forwarded-Server: localhost",
        "X-Forwarded-Uri: /health",
        "X-Forwarded-Method: GET",
        "X-Forwarded-User: root",
        "X-Forwarded-Access-Token: 0123456789abcdef",
        "X-Auth-Request-User: root",
        "X-Original-URL: /health",
        "X-Original-Method: GET",
        "X-Rewrite-URL: /health",
        "X-HTTP-Method-Override: GET",
        "X-Host: localhost",
        "X-Real-IP: 127.0.0.1",
        "Forwarded: for=127.0.0.1;host=localhost;proto=https",
        "Via: 1.1 localhost",
        "True-Client-IP: 127.0.0.1",
        "User-Agent: kube-probe/1.33",
        "User-Agent: GoogleHC/1.0",
        "User-Agent: ELB-HealthChecker/2.0",
        "User-Agent: claude-cli/2.0 (external, cli)",
    ];

    [Theory, MemberData(nameof(Spoofs))]
    public async Task It_stands_for_no_key_no_host_and_no_origin(string line)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { GatewayKeys = [new Secret("0123456789abcdef")] });

        Assert.Equal(401, (await gateway.PostAsync("{}", headers: line + "\r\n")).Status);
        Assert.Equal(401, (await gateway.PostAsync("{}", path: "/v1/messages?/health", headers: line + "\r\n")).Status);
        Assert.Equal(421, (await gateway.SendAsync($"GET / HTTP/1.1\r\nHost: evil.example\r\n{line}\r\n\r\n")).Status);
        Assert.Equal(403, (await gateway.PostAsync("{}", headers: $"x-api-key: 0123456789abcdef\r\nOrigin: http://evil.example\r\n{line}\r\n")).Status);
        Assert.Empty(upstream.Calls);
    }

    [Theory, MemberData(nameof(Spoofs))]
    public async Task It_changes_neither_the_page_nor_the_way_of_a_request(string line)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);

        var plain = await gateway.SendAsync(RawClient.Get("/"));
        var spoofed = await gateway.SendAsync(RawClient.Get("/", line + "\r\n"));
        Assert.Equal((plain.Status, plain.Text), (spoofed.Status, spoofed.Text));

        Assert.Equal(200, (await gateway.PostAsync("{}", headers: line + "\r\n")).Status);
        var call = Assert.Single(upstream.Calls);
        Assert.Equal("POST /v1/messages HTTP/1.1", call.RequestLine);
        Assert.Equal($"127.0.0.1:{upstream.Port}", call["Host"]);
    }

    [Fact]
    public async Task What_names_the_machine_of_the_user_ends_here()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);

        await gateway.PostAsync("{}", headers: string.Concat(Spoofs.Select(static row => row.Data + "\r\n").Where(static line => !line.StartsWith("User-Agent", StringComparison.Ordinal))));

        var names = Assert.Single(upstream.Calls).Headers.Select(static line => line.Name).ToList();
        Assert.DoesNotContain(names, static name => name is "Forwarded" or "Via" or "X-Real-IP");
        Assert.DoesNotContain(names, static name => name is "X-Forwarded-For" or "X-Forwarded-Host" or "X-Forwarded-Proto" or "X-Forwarded-Port" or "X-Forwarded-Server");
    }
}
