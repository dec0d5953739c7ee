using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Credentials.Aws;

namespace Tuppence.Tests.Unit.Upstreams;

/// <summary>
/// Signatures that the official SDKs' signer, @smithy/signature-v4 3.1.2, gives for the same request, keys and moment. Suite s8 of the
/// external tests compares with that signer itself.
/// </summary>
public sealed class SigV4Tests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 22, 12, 36, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("POST", "/model/anthropic.claude-haiku-4-5/invoke", "{\"a\":1}", "bedrock", "us-east-1", "", "026d806e0a1579fcfb40021d1d9af1484f3887573b6ddc9ade5584fb455dae37")]
    [InlineData("POST", "/model/us.anthropic.claude-sonnet-4-5-20250929-v1:0/invoke-with-response-stream", "{\"max_tokens\":1}", "bedrock", "us-east-1", "session/token+==", "f204452383963f9023af5136acfbaec7c034a760a20a1e793a02c8c3541e579c")]
    [InlineData("POST", "/model/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile%2Fabc%20def/invoke", "{}", "bedrock", "eu-central-1", "", "7754fd55e885ee345ac315461489e2a1868702d368be7a3095b2f678cbe1ebf0")]
    [InlineData("GET", "/v1/models?limit=20&after_id=a%20b%2Fc&beta=true", "", "aws-external-anthropic", "us-west-2", "tok", "a3a66fbda520724f1800981f080e6ebc94b03ceac0129da883b994a1e3433e55")]
    [InlineData("POST", "/anthropic/v1/messages", "{\"messages\":[{\"content\":\"é\"}]}", "bedrock-mantle", "us-east-1", "", "78b79c9ac298ceac9113deb677ff815db9ad19870539beed8ef301112da92ad7")]
    [InlineData("POST", "/", "Action=AssumeRole", "sts", "us-east-1", "tok", "b5fddb6ab4d92c4aa4d98705599ff9ba90912f363524a9c63362f77736a9b129")]
    [InlineData("GET", "/v1/files?b=2&a=z&a=b&A=1", "", "aws-external-anthropic", "us-east-1", "", "308d3feb43ec792352c7362613e9a15c0e18fcb6ae20b780af02c9025f38767c")]
    public void A_signature_is_that_of_the_official_signer(string method, string target, string body, string service, string region, string token, string expected)
    {
        var lines = Lines(new SignedRequest(method, target, "host.example", Encoding.UTF8.GetBytes(body), isBodyAtHand: true), service, region, token);
        Assert.Equal("20261122T123600Z", lines["x-amz-date"]);
        Assert.Equal(token.Length == 0 ? null : token, lines.GetValueOrDefault("x-amz-security-token"));
        Assert.EndsWith("Signature=" + expected, lines["authorization"]);
        Assert.Contains($"Credential=AKIDEXAMPLE/20261122/{region}/{service}/aws4_request", lines["authorization"]);
    }

    [Fact]
    public void A_body_that_streams_past_is_not_signed()
    {
        var lines = Lines(new SignedRequest("POST", "/v1/files", "host.example", default, isBodyAtHand: false), "aws-external-anthropic", "us-east-1", "");
        Assert.Equal("UNSIGNED-PAYLOAD", lines["x-amz-content-sha256"]);
    }

    [Fact]
    public void The_key_of_yesterday_does_not_sign_today()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 23, 59, 59, TimeSpan.Zero));
        var signer = new SigV4(new AwsKeys("AKIDEXAMPLE", new Secret("secret")), "us-east-1", "bedrock", clock);
        var first = Sign(signer);
        clock.Advance(TimeSpan.FromSeconds(1));
        var fresh = new SigV4(new AwsKeys("AKIDEXAMPLE", new Secret("secret")), "us-east-1", "bedrock", clock);
        Assert.Equal(Sign(fresh), Sign(signer), StringComparer.Ordinal);
        Assert.NotEqual(first, Sign(signer), StringComparer.Ordinal);
    }

    private static string Sign(SigV4 signer) =>
        signer.LinesFor(new SignedRequest("POST", "/", "host.example", default, isBodyAtHand: true))[^1].Value;

    private static Dictionary<string, string> Lines(SignedRequest request, string service, string region, string token)
    {
        var keys = new AwsKeys("AKIDEXAMPLE", new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), token.Length == 0 ? null : new Secret(token));
        return new SigV4(keys, region, service, Clock).LinesFor(request).ToDictionary(static line => line.Name, static line => line.Value, StringComparer.Ordinal);
    }
}
