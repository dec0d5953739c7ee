using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tuppence.Upstreams.Credentials.Azure;
using Tuppence.Upstreams.Credentials.Cloud;
using Tuppence.Upstreams.Credentials.Google;

namespace Tuppence.Tests.Functional.Credentials;

/// <summary>Google's and Azure's chains against scripted endpoints.</summary>
public sealed class TokenChainTests
{
    private const string Token = """{"access_token":"ya29.token","expires_in":3600,"token_type":"Bearer"}""";

    [Fact]
    public async Task A_service_account_signs_for_itself()
    {
        using var rsa = RSA.Create(2048);
        await using var place = new CloudPlace(call => call.AnswerAsync(200, Token));
        var file = place.File("sa.json", JsonSerializer.Serialize(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["type"] = "service_account",
                ["client_email"] = "a@p.iam.gserviceaccount.com",
                ["private_key_id"] = "k1",
                ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
                ["token_uri"] = place.Server.Url + "/token",
            },
            JsonSerializerOptions.Default));
        Assert.Equal("ya29.token", await TokenOf(GoogleChain.Of(place.Environment, file, null, TimeProvider.System)));

        var form = place.Server.Calls[0].Text;
        Assert.StartsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=", form);
        var parts = form.Split("assertion=")[1].Split('.');
        Assert.True(rsa.VerifyData(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("""{"alg":"RS256","typ":"JWT","kid":"k1"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        Assert.Equal("a@p.iam.gserviceaccount.com", claims.RootElement.GetProperty("iss").GetString());
        Assert.Equal(place.Server.Url + "/token", claims.RootElement.GetProperty("aud").GetString());
        Assert.Equal(3600, claims.RootElement.GetProperty("exp").GetInt64() - claims.RootElement.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task An_external_account_exchanges_the_token_of_a_file_and_acts_for_a_service_account()
    {
        await using var place = new CloudPlace(call => call.RequestLine.Contains("/sts", StringComparison.Ordinal)
            ? call.AnswerAsync(200, """{"access_token":"federated","expires_in":3600}""")
            : call.AnswerAsync(200, """{"accessToken":"ya29.account","expireTime":"2099-01-01T00:00:00Z"}"""));
        var subject = place.File("subject.json", """{"id_token":"the.jwt"}""");
        var file = place.File("external.json", $$$"""
            {"type":"external_account","audience":"//iam/pool","subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"{{{place.Server.Url}}}/sts",
             "service_account_impersonation_url":"{{{place.Server.Url}}}/act","credential_source":{"file":"{{{subject}}}","format":{"type":"json","subject_token_field_name":"id_token"} } }
            """);
        place.With("GOOGLE_APPLICATION_CREDENTIALS", file);
        Assert.Equal("ya29.account", await TokenOf(GoogleChain.Of(place.Environment, null, null, TimeProvider.System)));
        Assert.Contains("subject_token=the.jwt", place.Server.Calls[0].Text);
        Assert.Contains("audience=%2F%2Fiam%2Fpool", place.Server.Calls[0].Text);
        Assert.Equal("Bearer federated", place.Server.Calls[1]["authorization"]);
    }

    [Fact]
    public async Task An_external_account_takes_its_subject_from_a_URL_too()
    {
        await using var place = new CloudPlace(call => call.RequestLine.StartsWith("GET", StringComparison.Ordinal) ? call.AnswerAsync(200, "plain.jwt\n") : call.AnswerAsync(200, Token));
        var file = place.File("external.json", $$$"""
            {"type":"external_account","audience":"a","token_url":"{{{place.Server.Url}}}/sts","credential_source":{"url":"{{{place.Server.Url}}}/subject","headers":{"x-proof":"p"} } }
            """);
        Assert.Equal("ya29.token", await TokenOf(GoogleChain.Of(place.Environment, file, null, TimeProvider.System)));
        Assert.Equal("p", place.Server.Calls[0]["x-proof"]);
        Assert.Contains("subject_token=plain.jwt", place.Server.Calls[1].Text);
    }

    [Theory]
    [InlineData("""{"type":"authorized_user","refresh_token":"1//secret"}""", "belongs to gcloud")]
    [InlineData("""{"type":"impersonated_service_account"}""", "impersonated_service_account")]
    [InlineData("""{"type":"service_account","client_email":"a","private_key":"no key","token_uri":"https://x.example"}""", "private key")]
    [InlineData("""{"type":"service_account"}""", "lacks client_email")]
    [InlineData("""{"type":"external_account","credential_source":{"environment_id":"aws1","url":"http://127.0.0.1/"}}""", "neither a file nor a URL")]
    [InlineData("not json", "not JSON")]
    public async Task A_file_that_cannot_serve_says_why(string content, string words)
    {
        await using var place = new CloudPlace();
        var problem = await CloudPlace.ProblemOf(GoogleChain.Of(place.Environment, place.File("google.json", content), null, TimeProvider.System));
        Assert.Contains(words, problem);
        Assert.DoesNotContain("secret", problem);
        Assert.Empty(place.Server.Calls);
    }

    [Fact]
    public async Task The_user_of_gcloud_comes_before_the_metadata_server()
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(200, Token));
        place.Program("gcloud", "ya29.person").With("GCE_METADATA_HOST", place.Server.Url["http://".Length..]);
        Assert.Equal("ya29.person", await TokenOf(GoogleChain.Of(place.Environment, null, null, TimeProvider.System)));
        Assert.Equal("auth application-default print-access-token --quiet", place.Arguments("gcloud"));
        Assert.Empty(place.Server.Calls);
    }

    [Fact]
    public async Task The_metadata_server_serves_where_nobody_signed_in()
    {
        await using var place = new CloudPlace(call => call["metadata-flavor"] == "Google" ? call.AnswerAsync(200, Token) : call.AnswerAsync(403, "{}"));
        place.Program("gcloud", null).With("GCE_METADATA_HOST", place.Server.Url["http://".Length..]);
        Assert.Equal("ya29.token", await TokenOf(GoogleChain.Of(place.Environment, null, null, TimeProvider.System)));
        Assert.StartsWith("GET /computeMetadata/v1/instance/service-accounts/default/token?scopes=", place.Server.Calls[0].RequestLine);
    }

    [Theory]
    [InlineData("AZURE_CLIENT_SECRET", "client_secret=the-proof")]
    [InlineData("AZURE_FEDERATED_TOKEN_FILE", "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=the-proof")]
    public async Task A_client_of_Entra_proves_itself_by_secret_or_workload(string variable, string proof)
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(200, """{"access_token":"eyJ.entra","expires_in":3599}"""));
        place.With("AZURE_TENANT_ID", "ten/ant").With("AZURE_CLIENT_ID", "client").With("AZURE_AUTHORITY_HOST", place.Server.Url + "/")
            .With(variable, variable.EndsWith("FILE", StringComparison.Ordinal) ? place.File("jwt", "the-proof\n") : "the-proof");
        Assert.Equal("eyJ.entra", await TokenOf(AzureChain.Of(place.Environment, null, TimeProvider.System)));
        Assert.Equal("POST /ten%2Fant/oauth2/v2.0/token HTTP/1.1", place.Server.Calls[0].RequestLine);
        Assert.Equal("grant_type=client_credentials&client_id=client&scope=https%3A%2F%2Fai.azure.com%2F.default&" + proof, place.Server.Calls[0].Text);
    }

    [Fact]
    public async Task Managed_identities_are_asked_where_they_are()
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(200, """{"access_token":"eyJ.managed","expires_on":"4070908800"}"""));
        place.With("IDENTITY_ENDPOINT", place.Server.Url + "/msi").With("IDENTITY_HEADER", "proof").With("AZURE_CLIENT_ID", "user");
        Assert.Equal("eyJ.managed", await TokenOf(AzureChain.Of(place.Environment, null, TimeProvider.System)));
        Assert.Equal("GET /msi?api-version=2019-08-01&resource=https%3A%2F%2Fai.azure.com&client_id=user HTTP/1.1", place.Server.Calls[0].RequestLine);
        Assert.Equal("proof", place.Server.Calls[0]["x-identity-header"]);

        await using var machine = new CloudPlace(call => call.AnswerAsync(200, """{"access_token":"eyJ.machine","expires_on":"4070908800"}"""));
        machine.With("AZURE_POD_IDENTITY_AUTHORITY_HOST", machine.Server.Url);
        Assert.Equal("eyJ.machine", await TokenOf(AzureChain.Of(machine.Environment, null, TimeProvider.System)));
        Assert.Equal("GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fai.azure.com HTTP/1.1", machine.Server.Calls[0].RequestLine);
        Assert.Equal("true", machine.Server.Calls[0]["metadata"]);
    }

    [Fact]
    public async Task The_Azure_CLI_comes_last()
    {
        await using var place = new CloudPlace();
        place.With("AZURE_POD_IDENTITY_AUTHORITY_HOST", place.Server.Url).Program("az", """{"accessToken":"eyJ.cli","expires_on":4070908800,"tokenType":"Bearer"}""");
        Assert.Equal("eyJ.cli", await TokenOf(AzureChain.Of(place.Environment, null, TimeProvider.System)));
        Assert.Equal("account get-access-token --scope https://ai.azure.com/.default --output json", place.Arguments("az"));
        Assert.Single(place.Server.Calls);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client","error_description":"the-proof is wrong"}""", "status 400")]
    [InlineData(200, """{"token_type":"Bearer"}""", "no access token")]
    [InlineData(200, "<html>", "no JSON")]
    public async Task A_token_endpoint_that_gives_none_is_told_without_its_words(int status, string answer, string words)
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(status, answer));
        place.With("AZURE_TENANT_ID", "t").With("AZURE_CLIENT_ID", "c").With("AZURE_CLIENT_SECRET", "the-proof").With("AZURE_AUTHORITY_HOST", place.Server.Url);
        var problem = await CloudPlace.ProblemOf(AzureChain.Of(place.Environment, null, TimeProvider.System));
        Assert.Contains(words, problem);
        Assert.DoesNotContain("the-proof", problem);
    }

    private static async Task<string?> TokenOf(TokenChain chain)
    {
        var result = await chain.GetAsync(TestContext.Current.CancellationToken);
        Assert.Null(result.Problem);
        Assert.True(result.IsToken);
        return result.Secret?.Reveal();
    }
}
