using Tuppence.Messages.Edits;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Providers;

/// <summary>A provider with the Messages API's own paths: Claude Platform on AWS, Bedrock's Messages endpoint, Claude on Google Cloud, Foundry.</summary>
public sealed class MessagesPaths : ProviderAdapter
{
    private readonly Traits traits;
    private readonly ModelIds? ids;

    private MessagesPaths(Traits traits) => (this.traits, ids) = (traits, traits.Platform is null ? null : new ModelIds(traits.Platform));

    /// <inheritdoc/>
    public override string Name => traits.Name;

    /// <inheritdoc/>
    public override string Title => traits.Title;

    /// <inheritdoc/>
    public override long MaxBodyBytes => traits.Megabytes * 1024L * 1024;

    /// <inheritdoc/>
    public override string? SigningService => traits.SigningService;

    /// <inheritdoc/>
    public override BetaFilter? Betas => traits.Betas;

    /// <inheritdoc/>
    public override IReadOnlyList<string> DroppedHeaders => traits.MovesUserProfile ? [.. AnswersArePlain, "anthropic-user-profile-id"] : AnswersArePlain;

    /// <inheritdoc/>
    public override IReadOnlyList<HeaderLine> AddedHeaders => traits.Added;

    /// <summary>Claude Platform on AWS: everything that Anthropic's own API serves, in a workspace.</summary>
    public static MessagesPaths ClaudeOnAws(string? workspace) => new(new Traits("claude-on-aws", "Claude Platform on AWS", 32)
    {
        SigningService = "aws-external-anthropic",
        Added = workspace is null ? [] : [new HeaderLine("anthropic-workspace-id", workspace)],
    });

    /// <summary>Bedrock's Messages endpoint; models are called <c>anthropic.NAME</c> there.</summary>
    public static MessagesPaths BedrockMessages() => new(new Traits("bedrock-messages", "Amazon Bedrock's Messages endpoint", 20)
    {
        Platform = "bedrock",
        SigningService = "bedrock-mantle",
        Served = "/v1/messages and /v1/messages/count_tokens",
        ServesMessagesAlone = true,
        ByRule = BedrockInvoke.IdByRule,
        Betas = UnservedBetas.Filter,
        MovesUserProfile = true,
    });

    /// <summary>Claude on Google Cloud: everything that Anthropic's own API serves.</summary>
    public static MessagesPaths ClaudeOnGoogleCloud() => new(new Traits("claude-on-google-cloud", "Claude on Google Cloud", 30));

    /// <summary>Microsoft Foundry; a model is a deployment's name there, which usually is the model's own.</summary>
    public static MessagesPaths Foundry() => new(new Traits("foundry", "Microsoft Foundry", 32)
    {
        Served = "/v1/messages, /v1/messages/count_tokens and files",
        Unserved = ["/v1/messages/batches", "/v1/models", "/v1/organizations"],
    });

    /// <inheritdoc/>
    public override ProviderRefusal? Refuse(in ProviderRequest request)
    {
        if (request.Surface != ProviderSurface.Other)
        {
            return null;
        }

        var path = request.Path;
        return traits.ServesMessagesAlone || Array.Exists(traits.Unserved, prefix => IsWithin(path, prefix)) ? NotServed(request, traits.Served) : null;
    }

    /// <inheritdoc/>
    public override ProviderEdit? EditOf(in ProviderRequest request) => request.Surface == ProviderSurface.Other || ids is null
        ? null
        : new ProviderEdit(Name, model => ids.Of(model, traits.ByRule))
        {
            UserProfile = traits.MovesUserProfile ? request.UserProfile : null,
            AlsoDone = request.Notes,
        };

    private static bool IsWithin(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');

    private sealed record Traits(string Name, string Title, int Megabytes)
    {
        // The table's name of a platform whose models have other names than on Anthropic's own API.
        public string? Platform { get; init; }

        public string? SigningService { get; init; }

        public string Served { get; init; } = "";

        public bool ServesMessagesAlone { get; init; }

        public string[] Unserved { get; init; } = [];

        public HeaderLine[] Added { get; init; } = [];

        public BetaFilter? Betas { get; init; }

        public Func<string, string> ByRule { get; init; } = static model => model;

        public bool MovesUserProfile { get; init; }
    }
}
