using Tuppence.Messages.Edits;

namespace Tuppence.Upstreams.Providers;

/// <summary>Amazon Bedrock's InvokeModel: model and stream stand in the path, version and betas in the body, streams come as AWS frames.</summary>
/// <remarks>
/// Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html (2026); requests of
/// @anthropic-ai/bedrock-sdk 1.1.3.
/// </remarks>
/// <param name="region">The region, or null: its geography decides the inference profile of a plain model name.</param>
public sealed class BedrockInvoke(string? region) : ProviderAdapter
{
    private const string DatedVersion = "bedrock-2023-05-31";

    private readonly ModelIds ids = new("bedrock");
    private readonly string profile = ProfileOf(region);

    /// <inheritdoc/>
    public override string Name => "bedrock";

    /// <inheritdoc/>
    public override string Title => "Amazon Bedrock (InvokeModel)";

    /// <inheritdoc/>
    public override long MaxBodyBytes => 20 * 1024 * 1024;

    /// <inheritdoc/>
    public override string SigningService => "bedrock";

    /// <inheritdoc/>
    public override bool StreamsFrames => true;

    /// <inheritdoc/>
    public override BetaFilter Betas => UnservedBetas.Filter;

    /// <inheritdoc/>
    public override IReadOnlyList<string> DroppedHeaders { get; } = [.. AnswersArePlain, "anthropic-version", "anthropic-user-profile-id"];

    /// <summary>The geography whose inference profiles a region belongs to, with its dot; where it has none of its own, <c>global.</c></summary>
    /// <remarks>Current models are served through inference profiles alone. Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html (2026).</remarks>
    public static string ProfileOf(string? region) => region switch
    {
        not null when region.StartsWith("us-gov-", StringComparison.Ordinal) => "us-gov.",
        not null when region.StartsWith("us-", StringComparison.Ordinal) => "us.",
        not null when region.StartsWith("eu-", StringComparison.Ordinal) => "eu.",
        _ => "global.",
    };

    /// <summary>The id that Bedrock gives a model which the table does not have: <c>anthropic.NAME</c>, a dated one with <c>-v1:0</c>.</summary>
    public static string IdByRule(string name) => ModelIds.DateLength(name) > 0 ? $"anthropic.{name}-v1:0" : "anthropic." + name;

    /// <inheritdoc/>
    public override ProviderRefusal? Refuse(in ProviderRequest request) => request.Surface switch
    {
        ProviderSurface.Messages => null,
        ProviderSurface.CountTokens => NotServed(request, "/v1/messages alone") with { IsCounting = true },
        _ => NotServed(request, "/v1/messages alone"),
    };

    /// <inheritdoc/>
    public override ProviderEdit EditOf(in ProviderRequest request) => new(Name, IdOf)
    {
        RemovesModel = true,
        RemovesStream = true,
        Version = request.Version is null or "2023-06-01" ? DatedVersion : request.Version,
        Betas = request.Betas,
        UserProfile = request.UserProfile,
        AlsoDone = request.Notes,
    };

    /// <inheritdoc/>
    public override string TargetOf(in ProviderRequest request, ProviderEdit? edit) =>
        $"/model/{PathSegment.Encode(edit!.Model!)}/{(edit.Streams ? "invoke-with-response-stream" : "invoke")}";

    private string IdOf(string name)
    {
        var id = ids.Of(name, IdByRule);
        return id == name ? id : profile + id;
    }
}
