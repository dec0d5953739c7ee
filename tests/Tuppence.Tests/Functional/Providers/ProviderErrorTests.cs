using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional.Providers;

public sealed class ProviderErrorTests
{
    [Theory]
    [InlineData(Provider.Bedrock, 403, "x-amzn-errortype: AccessDeniedException:http://internal/\r\n", """{"message":"You may not é"}""", 403, "permission_error", "You may not é")]
    [InlineData(Provider.Bedrock, 403, "x-amzn-errortype: ExpiredTokenException\r\n", """{"message":"The token expired"}""", 401, "authentication_error", "The token expired")]
    [InlineData(Provider.ClaudeOnAws, 403, "x-amzn-errortype: InvalidSignatureException\r\n", """{"Message":"Wrong signature"}""", 401, "authentication_error", "Wrong signature")]
    [InlineData(Provider.Bedrock, 400, "", """{"__type":"com.amazon.coral#ValidationException","message":"Malformed"}""", 400, "invalid_request_error", "Malformed")]
    [InlineData(Provider.Bedrock, 424, "x-amzn-errortype: ModelErrorException\r\n", """{"message":"The model failed"}""", 500, "api_error", "The model failed")]
    [InlineData(Provider.Bedrock, 429, "x-amzn-errortype: ModelNotReadyException\r\n", """{"message":"Not ready"}""", 429, "overloaded_error", "Not ready")]
    [InlineData(Provider.Bedrock, 503, "x-amzn-errortype: ServiceUnavailableException\r\n", """{"message":"Later"}""", 503, "overloaded_error", "Later")]
    [InlineData(Provider.Vertex, 429, "", """{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}""", 429, "rate_limit_error", "Quota exceeded")]
    [InlineData(Provider.Vertex, 404, "", """[{"error":{"code":404,"message":"No such model","status":"NOT_FOUND"}}]""", 404, "not_found_error", "No such model")]
    [InlineData(Provider.Vertex, 504, "", """{"error":{"code":504,"message":"Deadline","status":"DEADLINE_EXCEEDED"}}""", 504, "timeout_error", "Deadline")]
    [InlineData(Provider.ClaudeOnGoogleCloud, 401, "", """{"error":{"code":401,"message":"Invalid credentials","status":"UNAUTHENTICATED"}}""", 401, "authentication_error", "Invalid credentials")]
    [InlineData(Provider.Foundry, 401, "", """{"error":{"code":"401","message":"Access denied due to invalid subscription key"}}""", 401, "authentication_error", "Access denied due to invalid subscription key")]
    [InlineData(Provider.Foundry, 404, "", """{"statusCode":404,"message":"Resource not found"}""", 404, "not_found_error", "Resource not found")]
    [InlineData(Provider.Foundry, 500, "", "<html>Bad day</html>", 500, "api_error", "<html>Bad day</html>")]
    [InlineData(Provider.BedrockMessages, 413, "", "", 413, "request_too_large", "The provider answered with status 413 and no explanation.")]
    public async Task Errors_come_in_the_form_of_the_Messages_API_with_their_own_words(Provider provider, int status, string headers, string body, int expected, string type, string message)
    {
        await using var upstream = ScriptedUpstream.Answering(body, status, headers + "retry-after: 7\r\nx-amzn-requestid: amzn-7\r\n");
        await using var gateway = await CloudScene.StartAsync(upstream, provider);
        var response = await gateway.PostAsync(CloudScene.Body);

        Assert.Equal(expected, response.Status);
        Assert.Equal("application/json", response["Content-Type"]);
        Assert.Equal("7", response["retry-after"]);
        Assert.Equal("amzn-7", response["request-id"]);
        Assert.Equal($$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"amzn-7"}""", response.Text);
    }

    [Fact]
    public async Task An_error_in_that_form_already_passes_byte_for_byte()
    {
        const string Body = """{ "type":"error", "error":{"type":"new_error","message":"x","details":{"error_code":"y"}},"request_id":"req_1" }""";
        await using var upstream = ScriptedUpstream.Answering(Body, 400, "request-id: req_1\r\n");
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Vertex);
        var response = await gateway.PostAsync(CloudScene.Body);
        Assert.Equal(400, response.Status);
        Assert.Equal(Body, response.Text);
        Assert.Equal("req_1", response["request-id"]);
    }

    [Fact]
    public async Task An_error_body_that_breaks_off_is_a_502()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n{");
            call.Close();
        });
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body);
        Assert.Equal(502, response.Status);
        Assert.Contains("broke off", response.Text);
    }

    [Fact]
    public async Task An_endless_error_body_is_not_waited_for()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync("HTTP/1.1 500 Oops\r\nContent-Length: 100000000\r\n\r\n" + new string('x', 70_000));
            await call.UntilClosedAsync();
        });
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body);
        Assert.Equal(500, response.Status);
        Assert.InRange(response.Body.Length, 3000, 5000);
    }

    [Fact]
    public async Task The_Messages_API_itself_is_left_alone()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"message":"as it is"}""", 403, "x-amzn-errortype: ExpiredTokenException\r\n");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var response = await gateway.PostAsync(CloudScene.Body);
        Assert.Equal(403, response.Status);
        Assert.Equal("""{"message":"as it is"}""", response.Text);
    }
}
