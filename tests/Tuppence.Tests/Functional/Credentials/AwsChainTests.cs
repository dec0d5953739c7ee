namespace Tuppence.Tests.Functional.Credentials;

public sealed class AwsChainTests
{
    private const string StsAnswer =
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s/+</SecretAccessKey>"
        + "<SessionToken>role-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

    private const string Keys = """{"Code":"Success","AccessKeyId":"ASIAMETA","SecretAccessKey":"s","Token":"meta-token","Expiration":"2099-01-01T00:00:00Z"}""";

    [Fact]
    public async Task The_environment_comes_first()
    {
        await using var place = new CloudPlace().With("AWS_ACCESS_KEY_ID", "AKIAENV").With("AWS_SECRET_ACCESS_KEY", "s").With("AWS_SESSION_TOKEN", "env-token").With("AWS_PROFILE", "work");
        place.File(".aws/credentials", "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = s\n");
        var lines = await CloudPlace.SignAsync(place.Aws());
        Assert.Contains("Credential=AKIAENV/", lines["authorization"]);
        Assert.Equal("env-token", lines["x-amz-security-token"]);
    }

    [Fact]
    public async Task A_profile_of_the_configuration_beats_the_environment()
    {
        await using var place = new CloudPlace().With("AWS_ACCESS_KEY_ID", "AKIAENV").With("AWS_SECRET_ACCESS_KEY", "s");
        place.File(".aws/credentials", "# mine\n[default]\naws_access_key_id=AKIADEFAULT\naws_secret_access_key=s\n\n[work]\naws_access_key_id = AKIAWORK # key\naws_secret_access_key = s\n");
        Assert.Contains("AKIAWORK", (await CloudPlace.SignAsync(place.Aws("work")))["authorization"]);
        Assert.Equal("There is no AWS profile named other.", await CloudPlace.ProblemOf(place.Aws("other")));
    }

    [Fact]
    public async Task A_web_identity_takes_on_its_role_unsigned()
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(200, StsAnswer));
        place.With("AWS_WEB_IDENTITY_TOKEN_FILE", place.File("token", "the.jwt\n")).With("AWS_ROLE_ARN", CloudPlace.Role).With("AWS_ENDPOINT_URL_STS", place.Server.Url);
        var lines = await CloudPlace.SignAsync(place.Aws());
        Assert.Contains("Credential=ASIAROLE/", lines["authorization"]);
        Assert.Equal("role-token", lines["x-amz-security-token"]);
        var call = Assert.Single(place.Server.Calls);
        Assert.Equal($"Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={Uri.EscapeDataString(CloudPlace.Role)}&RoleSessionName=tuppence&WebIdentityToken=the.jwt", call.Text);
        Assert.Null(call["authorization"]);
    }

    [Fact]
    public async Task A_role_of_a_profile_is_taken_on_with_the_keys_of_another()
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(200, StsAnswer));
        place.With("AWS_ENDPOINT_URL_STS", place.Server.Url).With("AWS_PROFILE", "reader");
        place.File(".aws/config", $"[default]\nregion=x\n[profile reader]\nrole_arn = {CloudPlace.Role}\nsource_profile = work\nrole_session_name = me\nexternal_id = ext\n");
        place.File(".aws/credentials", "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = s\n");
        Assert.Contains("ASIAROLE", (await CloudPlace.SignAsync(place.Aws()))["authorization"]);
        var call = Assert.Single(place.Server.Calls);
        Assert.Contains("Action=AssumeRole&", call.Text);
        Assert.EndsWith("RoleSessionName=me&ExternalId=ext", call.Text);
        Assert.Contains("Credential=AKIAWORK/", call["authorization"]);
        Assert.Contains("/us-east-1/sts/aws4_request", call["authorization"]);
    }

    [Fact]
    public async Task A_profile_s_program_is_run_without_a_shell()
    {
        await using var place = new CloudPlace();
        place.Program("vault", """{"Version":1,"AccessKeyId":"ASIAPROC","SecretAccessKey":"s","SessionToken":"t"}""");
        place.File(".aws/config", $"[default]\ncredential_process = \"{place.Home}/bin/vault\" get 'a b' $HOME\n");
        Assert.Contains("ASIAPROC", (await CloudPlace.SignAsync(place.Aws()))["authorization"]);
        Assert.Equal("get a b $HOME", place.Arguments("vault"));
    }

    [Fact]
    public async Task For_single_sign_on_the_CLI_is_asked_and_its_cache_is_left_alone()
    {
        await using var place = new CloudPlace();
        place.Program("aws", """{"Version":1,"AccessKeyId":"ASIASSO","SecretAccessKey":"s","SessionToken":"t","Expiration":"2099-01-01T00:00:00Z"}""");
        place.File(".aws/config", "[profile sso]\nsso_session = corp\nsso_account_id = 1\n[sso-session corp]\nsso_start_url = https://corp.example\n");
        Assert.Contains("ASIASSO", (await CloudPlace.SignAsync(place.Aws("sso")))["authorization"]);
        Assert.Equal("configure export-credentials --profile sso --format process", place.Arguments("aws"));
    }

    [Fact]
    public async Task A_program_that_fails_is_named_and_its_words_are_not_shown()
    {
        await using var place = new CloudPlace();
        place.Program("aws", null);
        place.File(".aws/config", "[profile sso]\nsso_session = corp\n");
        Assert.Equal("“aws” ended with exit code 3.", await CloudPlace.ProblemOf(place.Aws("sso")));
    }

    [Fact]
    public async Task A_container_s_role_is_fetched_with_its_proof()
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(200, Keys));
        place.With("AWS_CONTAINER_CREDENTIALS_FULL_URI", place.Server.Url + "/v1/credentials").With("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", place.File("proof", "Bearer p\n"));
        Assert.Equal("meta-token", (await CloudPlace.SignAsync(place.Aws()))["x-amz-security-token"]);
        Assert.Equal("GET /v1/credentials HTTP/1.1", place.Server.Calls[0].RequestLine);
        Assert.Equal("Bearer p", place.Server.Calls[0]["authorization"]);
    }

    [Fact]
    public async Task A_container_endpoint_elsewhere_over_plain_http_is_not_asked()
    {
        await using var place = new CloudPlace().With("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1/credentials").With("AWS_CONTAINER_AUTHORIZATION_TOKEN", "proof");
        Assert.Contains("plain http", await CloudPlace.ProblemOf(place.Aws()));
    }

    [Fact]
    public async Task An_instance_s_role_is_fetched_by_version_2()
    {
        await using var place = new CloudPlace(call => call.RequestLine switch
        {
            "PUT /latest/api/token HTTP/1.1" => call.AnswerAsync(200, "session"),
            "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" when call["x-aws-ec2-metadata-token"] == "session" => call.AnswerAsync(200, "my-role\n"),
            "GET /latest/meta-data/iam/security-credentials/my-role HTTP/1.1" when call["x-aws-ec2-metadata-token"] == "session" => call.AnswerAsync(200, Keys),
            _ => call.AnswerAsync(401, "{}"),
        });
        place.With("AWS_EC2_METADATA_DISABLED", "false").With("AWS_EC2_METADATA_SERVICE_ENDPOINT", place.Server.Url);
        Assert.Contains("ASIAMETA", (await CloudPlace.SignAsync(place.Aws()))["authorization"]);
        Assert.Equal("21600", place.Server.Calls[0]["x-aws-ec2-metadata-token-ttl-seconds"]);
    }

    [Fact]
    public async Task Where_there_is_nothing_all_places_are_named()
    {
        await using var place = new CloudPlace();
        var problem = await CloudPlace.ProblemOf(place.Aws());
        Assert.StartsWith("No AWS credentials were found", problem);
        Assert.Contains("api_key_env", problem);
    }

    [Fact]
    public async Task A_refused_role_is_told_by_its_code_without_the_token()
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>the.jwt is bad</Message></Error></ErrorResponse>"));
        place.With("AWS_WEB_IDENTITY_TOKEN_FILE", place.File("token", "the.jwt")).With("AWS_ROLE_ARN", CloudPlace.Role).With("AWS_ENDPOINT_URL_STS", place.Server.Url);
        var problem = await CloudPlace.ProblemOf(place.Aws());
        Assert.Contains("status 403 (AccessDenied)", problem);
        Assert.DoesNotContain("the.jwt", problem);
    }

    [Fact]
    public async Task Keys_are_fetched_once_and_again_when_refused()
    {
        await using var place = new CloudPlace(call => call.AnswerAsync(200, Keys));
        place.With("AWS_CONTAINER_CREDENTIALS_FULL_URI", place.Server.Url);
        var chain = place.Aws();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CloudPlace.SignAsync(chain)));
        Assert.Single(place.Server.Calls);
        chain.Refused();
        await CloudPlace.SignAsync(chain);
        Assert.Equal(2, place.Server.Calls.Count);
    }
}
