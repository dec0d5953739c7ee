using Tuppence.Configuration;
using Tuppence.Guard;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P1: a request under a name that is not ours is refused before any handler sees it. The rebinding page in Chromium is in tests/external/browser.</summary>
public sealed class P01_A_foreign_host_never_reaches_a_handler
{
    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:42069", 421)]
    [InlineData("EVIL.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("evil-localhost", 421)]
    [InlineData("localhost.", 421)]
    [InlineData("localhost.localdomain", 421)]
    [InlineData("127.0.0.2", 421)]
    [InlineData("127.1", 421)]
    [InlineData("2130706433", 421)]
    [InlineData("0x7f000001", 421)]
    [InlineData("0.0.0.0:42069", 421)]
    [InlineData("192.168.1.5", 421)]
    [InlineData("169.254.169.254", 421)]
    [InlineData("[::]", 400)]
    [InlineData("[::ffff:127.0.0.1]", 421)]
    [InlineData("[fe80::1]:42069", 421)]
    [InlineData("", 421)]
    [InlineData("localhost:", 400)]
    [InlineData("localhost:99999999", 421)]
    [InlineData("localhost:1x", 400)]
    [InlineData("me@localhost", 400)]
    [InlineData("local host", 400)]
    [InlineData("localhost, evil.example", 400)]
    [InlineData("localhost/evil", 400)]
    public async Task Under_another_name_nothing_answers(string host, int status)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        foreach (var request in new[] { "GET / ", "GET /health ", "GET /docs/emulator.md ", "GET /favicon.ico ", "GET /v1/models ", "POST /v1/messages " })
        {
            var answer = await gateway.SendAsync($"{request}HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");

            Assert.Equal(status, answer.Status);
            Assert.DoesNotContain("Tuppence</h1>", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal((0, 0), (upstream.Connections, gateway.Host.State.Counters.Requests));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:42069")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65535")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("tuppence.lan")]
    [InlineData("TUPPENCE.lan:8080")]
    public async Task Under_our_own_names_it_answers(string host)
    {
        await using var gateway = await TestGateway.StartAsync(change: config => config with { AllowedHosts = ["tuppence.lan"] });

        Assert.Equal(200, (await gateway.SendAsync($"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n")).Status);
    }

    [Fact]
    public async Task A_target_in_absolute_form_is_held_to_the_same_names()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);

        Assert.Equal(421, (await gateway.SendAsync("GET http://evil.example/v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n")).Status);
        Assert.Equal(400, (await gateway.SendAsync("GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")).Status);
        Assert.Empty(upstream.Calls);
    }

    [Theory]
    [InlineData("192.168.1.5:42069", true)]
    [InlineData("[2001:db8::1]", true)]
    [InlineData("evil.example", false)]
    public void Beyond_loopback_an_address_is_ours_and_a_name_is_not(string host, bool isAllowed) =>
        Assert.Equal(isAllowed, new HostRule(new GatewayConfig { Host = "0.0.0.0" }).Allows(host));
}
