using Tuppence.Configuration;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Credentials.Aws;
using Tuppence.Upstreams.Credentials.Azure;
using Tuppence.Upstreams.Credentials.Cloud;
using Tuppence.Upstreams.Credentials.Google;
using Tuppence.Upstreams.Providers;

namespace Tuppence.Hosting;

/// <summary>Makes the adapter and the cloud credential of an upstream.</summary>
internal static class ProviderCompiler
{
    /// <summary>The adapter of the user's own Claude Code program.</summary>
    public static ProviderAdapter ClaudeCode { get; } = new ClaudeCodeAdapter();

    /// <summary>The adapter, or null for the Messages API as it is. What it needs has been checked.</summary>
    public static ProviderAdapter? AdapterOf(UpstreamConfig entry) => entry.Provider switch
    {
        Provider.ClaudeOnAws => MessagesPaths.ClaudeOnAws(entry.Workspace),
        Provider.BedrockMessages => MessagesPaths.BedrockMessages(),
        Provider.Bedrock => new BedrockInvoke(entry.Region),
        Provider.Vertex => new VertexPredict(entry.Project!, entry.Region!),
        Provider.ClaudeOnGoogleCloud => MessagesPaths.ClaudeOnGoogleCloud(),
        Provider.Foundry => MessagesPaths.Foundry(),
        _ => null,
    };

    /// <summary>The credential of the upstream's cloud, or null.</summary>
    /// <param name="entry">The upstream.</param>
    /// <param name="adapter">Its adapter.</param>
    /// <param name="proxy">Its proxy, which token endpoints are asked through too.</param>
    /// <param name="time">The clock.</param>
    public static ICredential? CredentialOf(UpstreamConfig entry, ProviderAdapter? adapter, Uri? proxy, TimeProvider time)
    {
        var environment = entry.CloudEnvironment ?? CloudEnvironment.Empty;
        return entry.CloudIdentity switch
        {
            CloudIdentity.Aws => new AwsChain(environment, entry.Region!, adapter!.SigningService!, entry.AwsProfile, proxy, time),
            CloudIdentity.Google => GoogleChain.Of(environment, entry.GoogleCredentialsFile, proxy, time),
            CloudIdentity.Azure => AzureChain.Of(environment, proxy, time),
            _ => null,
        };
    }
}
