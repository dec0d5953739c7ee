using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;
using Xunit.Sdk;

namespace Tuppence.Tests.Unit;

/// <summary>The scan that every test's log goes through finds what it is for.</summary>
public sealed class LeakScanTests
{
    private static readonly GatewayConfig Config = new() { GatewayKeys = [new Secret("a-long-random-value")] };

    [Theory]
    [InlineData("sent x-api-key sk-ant-api03-abcdef")]
    [InlineData("authorization: Bearer mF_9.B5f-4.1JqM")]
    [InlineData("token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIA, Signature=0123456789abcdef0123")]
    [InlineData("the key a-long-random-value was refused")]
    public void A_credential_is_found(string line) => Assert.ThrowsAny<XunitException>(() => LeakScan.Check(line, Config));

    [Fact]
    public void Other_lines_pass() => LeakScan.Check("POST /v1/messages 401: Send it as Authorization: Bearer KEY or x-api-key; *** is masked.", Config);
}
