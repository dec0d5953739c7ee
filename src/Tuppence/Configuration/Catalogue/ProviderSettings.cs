using Tuppence.Configuration.Rules;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options of an upstream that say who serves it and under which of a cloud's identities.</summary>
internal static class ProviderSettings
{
    /// <summary>All of them, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<UpstreamConfig>> All { get; } =
    [
        new Setting<UpstreamConfig, Provider>("provider", Providers, c => c.Provider, (c, v) => c with { Provider = v })
        {
            Summary = "Who serves the upstream, and so what a Messages request becomes on its wire.",
            Example = "\"bedrock\"",
        },
        Text("region", "AWS region, or Google Cloud location, for providers that need one. Left out for AWS: AWS_REGION, then AWS_DEFAULT_REGION.", "us-east-1", ProviderRules.Region, c => c.Region, (c, v) => c with { Region = v }),
        Text("project", "Google Cloud project.", "my-project", ProviderRules.Project, c => c.Project, (c, v) => c with { Project = v }),
        Text("workspace", "Workspace of claude-on-aws and claude-on-google-cloud.", "wrkspc_01", ProviderRules.Name, c => c.Workspace, (c, v) => c with { Workspace = v }),
        Text("resource", "Name of the Foundry resource.", "my-resource", ProviderRules.Name, c => c.Resource, (c, v) => c with { Resource = v }),
        new Setting<UpstreamConfig, CloudIdentity>("cloud_identity", Identities, c => c.CloudIdentity, (c, v) => c with { CloudIdentity = v })
        {
            Summary = "Credentials of a cloud, found on this machine by that cloud's own rules.",
            Example = "\"aws\"",
        },
        Text("aws_profile", "AWS profile; left out, the chain chooses.", "work", NameRules.NotEmpty, c => c.AwsProfile, (c, v) => c with { AwsProfile = v }),
        Text("google_credentials_file", "Service-account or external-account file for Google; left out, the chain chooses.", "google.json", NameRules.NotEmpty, c => c.GoogleCredentialsFile, (c, v) => c with { GoogleCredentialsFile = v }),
    ];

    private static ChoiceFormat<Provider> Providers => new(
        ("messages", Provider.Messages),
        ("claude-on-aws", Provider.ClaudeOnAws),
        ("bedrock-messages", Provider.BedrockMessages),
        ("bedrock", Provider.Bedrock),
        ("vertex", Provider.Vertex),
        ("claude-on-google-cloud", Provider.ClaudeOnGoogleCloud),
        ("foundry", Provider.Foundry));

    private static ChoiceFormat<CloudIdentity> Identities => new(
        ("none", CloudIdentity.None), ("aws", CloudIdentity.Aws), ("google", CloudIdentity.Google), ("azure", CloudIdentity.Azure));

    private static Setting<UpstreamConfig, string?> Text(
        string key, string summary, string example, TextRule rule, Func<UpstreamConfig, string?> get, Func<UpstreamConfig, string?, UpstreamConfig> set) =>
        new(key, new TextFormat("text", rule), get, set) { Summary = summary, Example = $"\"{example}\"" };
}
