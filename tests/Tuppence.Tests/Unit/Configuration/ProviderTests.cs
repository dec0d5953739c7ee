using Tuppence.Configuration;

namespace Tuppence.Tests.Unit.Configuration;

public sealed class ProviderTests
{
    [Theory]
    [InlineData("\"provider\":\"bedrock\",\"region\":\"us-east-1\"", "https://bedrock-runtime.us-east-1.amazonaws.com")]
    [InlineData("\"provider\":\"bedrock\",\"region\":\"cn-north-1\"", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn")]
    [InlineData("\"provider\":\"bedrock-messages\",\"region\":\"us-east-1\"", "https://bedrock-mantle.us-east-1.api.aws/anthropic")]
    [InlineData("\"provider\":\"claude-on-aws\",\"region\":\"us-east-1\",\"workspace\":\"wrkspc_1\"", "https://aws-external-anthropic.us-east-1.api.aws")]
    [InlineData("\"provider\":\"vertex\",\"region\":\"us-east5\",\"project\":\"p\"", "https://us-east5-aiplatform.googleapis.com")]
    [InlineData("\"provider\":\"vertex\",\"region\":\"global\",\"project\":\"p\"", "https://aiplatform.googleapis.com")]
    [InlineData("\"provider\":\"vertex\",\"region\":\"eu\",\"project\":\"p\"", "https://aiplatform.eu.rep.googleapis.com")]
    [InlineData("\"provider\":\"claude-on-google-cloud\",\"region\":\"global\",\"project\":\"p\",\"workspace\":\"w\"", "https://claude.googleapis.com/v1alpha/projects/p/locations/global/workspaces/w/invoke")]
    [InlineData("\"provider\":\"foundry\",\"resource\":\"my-resource\"", "https://my-resource.services.ai.azure.com/anthropic")]
    [InlineData("\"provider\":\"foundry\",\"url\":\"https://proxy.example/claude\"", "https://proxy.example/claude")]
    public void An_address_is_made_of_what_names_the_provider(string members, string url)
    {
        using var scene = new Scene();
        Assert.Equal(url, ProviderUrl.Of(scene.File(Cloud(members)).Loaded().Config.Upstreams["cloud"]));
    }

    [Theory]
    [InlineData("\"provider\":\"bedrock\"", "region")]
    [InlineData("\"provider\":\"bedrock\",\"url\":\"https://x.example\",\"cloud_identity\":\"aws\"", "region")]
    [InlineData("\"provider\":\"claude-on-aws\",\"region\":\"us-east-1\"", "workspace")]
    [InlineData("\"provider\":\"vertex\",\"region\":\"global\"", "project")]
    [InlineData("\"provider\":\"vertex\",\"project\":\"p\",\"url\":\"https://x.example\"", "region")]
    [InlineData("\"provider\":\"claude-on-google-cloud\",\"region\":\"global\",\"project\":\"p\"", "workspace")]
    [InlineData("\"provider\":\"foundry\"", "resource")]
    public void An_option_that_is_missing_is_named_with_its_reason(string members, string option)
    {
        using var scene = new Scene();
        var error = scene.File(Cloud(members)).OnlyError();
        Assert.Equal("upstreams.cloud." + option, error.Key);
        Assert.Contains($"needs {option}", error.Problem);
        Assert.StartsWith("Add " + option, error.Remedy);
    }

    [Theory]
    [InlineData("\"provider\":\"bedrock\",\"region\":\"us-east-1\",\"cloud_identity\":\"google\"", "aws")]
    [InlineData("\"provider\":\"foundry\",\"resource\":\"r\",\"cloud_identity\":\"aws\"", "azure")]
    [InlineData("\"url\":\"https://x.example\",\"cloud_identity\":\"aws\"", "none")]
    public void A_cloud_s_credentials_go_to_that_cloud_alone(string members, string accepted)
    {
        using var scene = new Scene();
        var error = Assert.Single(scene.File(Cloud(members)).Load().Errors, static error => error.Key == "upstreams.cloud.cloud_identity");
        Assert.Equal(accepted, error.Accepted);
    }

    [Fact]
    public void A_key_and_a_cloud_identity_are_one_too_many()
    {
        using var scene = new Scene();
        var error = scene.File("""{"upstreams":{"cloud":{"provider":"bedrock","region":"us-east-1","cloud_identity":"aws","api_key":"a-key-of-bedrock"}}}""").OnlyError();
        Assert.Contains("has a key (api_key) as well", error.Problem);
    }

    [Theory]
    [InlineData("region", "evil.example/")]
    [InlineData("region", "us east")]
    [InlineData("project", "p/../q")]
    [InlineData("resource", "evil.example#")]
    [InlineData("workspace", "w/invoke")]
    public void Nothing_slips_into_an_address(string option, string value)
    {
        using var scene = new Scene();
        Assert.Contains(scene.File(Cloud($"\"url\":\"https://x.example\",\"{option}\":\"{value}\"")).Load().Errors, error => error.Key == "upstreams.cloud." + option);
    }

    [Fact]
    public void AWS_s_region_and_Bedrock_s_key_come_from_their_variables()
    {
        using var scene = new Scene();
        scene.Variable("AWS_DEFAULT_REGION", "eu-central-1").Variable("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key-1").Variable("HTTPS_PROXY", "http://127.0.0.1:3128");
        var upstreams = scene.File("""{"upstreams":{"cloud":{"provider":"bedrock"},"other":{"provider":"bedrock","url":"https://x.example"}}}""").Loaded().Config.Upstreams;
        Assert.Equal("eu-central-1", upstreams["cloud"].Region);
        Assert.Equal("bedrock-api-key-1", upstreams["cloud"].ApiKey?.Reveal());
        Assert.Equal(AuthScheme.Bearer, upstreams["cloud"].Auth);
        Assert.Equal("http://127.0.0.1:3128", upstreams["cloud"].Proxy);
        Assert.Null(upstreams["other"].ApiKey);
    }

    [Fact]
    public void A_chain_sees_the_variables_of_clouds_and_no_others()
    {
        using var scene = new Scene();
        scene.Variable("AWS_PROFILE", "work").Variable("ANTHROPIC_API_KEY", "sk-ant-x").Variable("TUPPENCE_LOG_LEVEL", "info").Variable("PATH", "/bin");
        var environment = scene.File("""{"upstreams":{"cloud":{"provider":"bedrock","region":"us-east-1","cloud_identity":"aws"}}}""").Loaded().Config.Upstreams["cloud"].CloudEnvironment;
        Assert.Equal("AWS_PROFILE PATH", string.Join(' ', environment!.Variables.Keys.Order(StringComparer.Ordinal)));
        Assert.NotNull(environment.HomeDirectory);
    }

    private static string Cloud(string members) => "{\"upstreams\":{\"cloud\":{" + members + "}}}";
}
