namespace Tuppence.Configuration;

/// <summary>The base URLs of providers, made from region, resource, project and workspace.</summary>
/// <remarks>Sources: the provider pages under https://platform.claude.com/docs/en/build-with-claude (2026-08-22) and the official provider SDKs of 2026-11.</remarks>
public static class ProviderUrl
{
    /// <summary>The URL that an upstream goes to: its own, else its provider's; null where neither can be said.</summary>
    public static string? Of(UpstreamConfig upstream) => upstream.Url ?? upstream.Provider switch
    {
        Provider.ClaudeOnAws when upstream.Region is { } region => $"https://aws-external-anthropic.{region}.api.aws",
        Provider.BedrockMessages when upstream.Region is { } region => $"https://bedrock-mantle.{region}.api.aws/anthropic",
        Provider.Bedrock when upstream.Region is { } region => $"https://bedrock-runtime.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}",
        Provider.Vertex when upstream.Region is { } location => location switch
        {
            "global" => "https://aiplatform.googleapis.com",
            "us" or "eu" => $"https://aiplatform.{location}.rep.googleapis.com",
            _ => $"https://{location}-aiplatform.googleapis.com",
        },
        Provider.ClaudeOnGoogleCloud when upstream is { Project: { } project, Region: { } location, Workspace: { } workspace } =>
            $"https://claude.googleapis.com/v1alpha/projects/{project}/locations/{location}/workspaces/{workspace}/invoke",
        Provider.Foundry when upstream.Resource is { } resource => $"https://{resource}.services.ai.azure.com/anthropic",
        _ => null,
    };
}
