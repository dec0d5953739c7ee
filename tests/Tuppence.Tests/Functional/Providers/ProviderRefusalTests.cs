using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Providers;

public sealed class ProviderRefusalTests
{
    [Theory]
    [InlineData(Provider.Bedrock, "/v1/messages/batches", 404, "not_found_error")]
    [InlineData(Provider.Bedrock, "/v1/models", 404, "not_found_error")]
    [InlineData(Provider.Bedrock, "/v1/messages/count_tokens", 501, "api_error")]
    [InlineData(Provider.BedrockMessages, "/v1/files", 404, "not_found_error")]
    [InlineData(Provider.Vertex, "/v1/models/claude-opus-5", 404, "not_found_error")]
    [InlineData(Provider.Foundry, "/v1/models", 404, "not_found_error")]
    [InlineData(Provider.Foundry, "/v1/messages/batches/b_1/results", 404, "not_found_error")]
    public async Task What_a_provider_lacks_is_told_before_anything_is_sent(Provider provider, string path, int status, string type)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await CloudScene.StartAsync(upstream, provider);
        var response = await gateway.PostAsync(CloudScene.Body, path);

        Assert.Equal(status, response.Status);
        Assert.Contains($"\"type\":\"{type}\"", response.Text);
        Assert.Contains("does not serve", response.Text);
        Assert.Equal(status == 501 ? "false" : null, response["x-should-retry"]);
        Assert.Empty(upstream.Calls);
    }

    [Theory]
    [InlineData(Provider.ClaudeOnAws, "/v1/messages/batches")]
    [InlineData(Provider.ClaudeOnGoogleCloud, "/v1/models")]
    [InlineData(Provider.Foundry, "/v1/files")]
    public async Task What_a_provider_serves_passes(Provider provider, string path)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await CloudScene.StartAsync(upstream, provider);
        Assert.Equal(200, (await gateway.PostAsync("{}", path)).Status);
        Assert.Equal($"POST {path} HTTP/1.1", upstream.Calls[0].RequestLine);
    }

    [Theory]
    [InlineData(Provider.Bedrock, 20)]
    [InlineData(Provider.ClaudeOnGoogleCloud, 30)]
    public async Task A_request_over_the_provider_s_size_is_refused(Provider provider, int megabytes)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await CloudScene.StartAsync(upstream, provider);
        var body = $$"""{"model":"claude-opus-5","messages":[{"role":"user","content":"{{new string('x', megabytes * 1024 * 1024)}}"}]}""";
        var response = await gateway.PostAsync(body);
        Assert.Equal(413, response.Status);
        Assert.Contains($"at most {megabytes} MB", response.Text);
        Assert.Empty(upstream.Calls);
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "must be a string")]
    [InlineData("""{"model":5}""", "must be a string")]
    [InlineData("""{"model":".."}""", "is not a name")]
    [InlineData("""{"model":""}""", "is not a name")]
    [InlineData("""{"model":"m","stream":"yes"}""", "must be true or false")]
    [InlineData("""{"model":"m",}""", "not valid JSON")]
    public async Task A_body_that_cannot_be_fitted_is_a_400(string body, string words)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(body);
        Assert.Equal(400, response.Status);
        Assert.Contains(words, response.Text);
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task A_compressed_body_passes_where_nothing_changes_in_it_and_is_a_415_where_something_would()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var aws = await CloudScene.StartAsync(upstream, Provider.ClaudeOnAws);
        Assert.Equal(200, (await aws.PostAsync("not really gzip", headers: "Content-Encoding: gzip\r\n")).Status);
        Assert.Equal("not really gzip", upstream.Calls[0].Text);
        await using var bedrock = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        Assert.Equal(415, (await bedrock.PostAsync("not really gzip", headers: "Content-Encoding: gzip\r\n")).Status);
        Assert.Single(upstream.Calls);
    }

    [Fact]
    public async Task A_GET_on_messages_reaches_no_InvokeModel()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        Assert.Equal(400, (await gateway.SendAsync(RawClient.Get("/v1/messages"))).Status);
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task A_dry_run_shows_target_body_and_edits_and_sends_nothing()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body, "/v1/messages?dry-run=true");
        Assert.Equal(200, response.Status);
        Assert.Equal("/model/us.anthropic.claude-sonnet-4-5-20250929-v1:0/invoke-with-response-stream", response["x-tuppence-target"]);
        Assert.Equal("""{"max_tokens":64,"messages":[{"role":"user","content":"Hello"}],"anthropic_version":"bedrock-2023-05-31"}""", response.Text);
        Assert.StartsWith("provider:bedrock;did=", response["x-tuppence-edits"]);
        Assert.Contains("-anthropic-version", response["x-tuppence-header-edits"]);
        Assert.Empty(upstream.Calls);
    }

    [Theory]
    [InlineData("authorization: Bearer sk-ant-api03-x\r\n")]
    [InlineData("x-api-key: sk-ant-api03-x\r\n")]
    [InlineData("authorization: Bearer made-up\r\n")]
    public async Task A_cloud_s_own_credential_stands_in_place_of_what_front_ends_send(string headers)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Vertex);
        await gateway.PostAsync(CloudScene.Body, headers: headers);
        Assert.Equal("Bearer a-key-of-the-cloud", upstream.Calls[0]["authorization"]);
        Assert.Null(upstream.Calls[0]["x-api-key"]);
    }

    [Fact]
    public async Task A_key_goes_in_the_header_that_is_configured()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Foundry, entry => entry with { Auth = AuthScheme.ApiKey, ApiKey = new Secret("foundry-key") });
        await gateway.PostAsync(CloudScene.Body);
        Assert.Equal("foundry-key", upstream.Calls[0]["api-key"]);
        Assert.Null(upstream.Calls[0]["authorization"]);
    }
}
