using Tuppence.Messages.Edits;

namespace Tuppence.Upstreams.Providers;

/// <summary>Google Cloud's Vertex AI: the model stands in the path, the version in the body; streams are the Messages API's own.</summary>
/// <remarks>Sources: https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai (2026-08-22); requests of @anthropic-ai/vertex-sdk 1.1.3.</remarks>
/// <param name="project">Google Cloud project.</param>
/// <param name="location">Location, such as <c>us-east5</c> or <c>global</c>.</param>
public sealed class VertexPredict(string project, string location) : ProviderAdapter
{
    private const string DatedVersion = "vertex-2023-10-16";

    private readonly ModelIds ids = new("googleCloud");
    private readonly string models = $"/v1/projects/{project}/locations/{location}/publishers/anthropic/models/";

    /// <inheritdoc/>
    public override string Name => "vertex";

    /// <inheritdoc/>
    public override string Title => "Vertex AI";

    /// <inheritdoc/>
    public override long MaxBodyBytes => 30 * 1024 * 1024;

    /// <inheritdoc/>
    public override BetaFilter Betas => UnservedBetas.Filter;

    /// <inheritdoc/>
    public override IReadOnlyList<string> DroppedHeaders { get; } = [.. AnswersArePlain, "anthropic-version"];

    /// <summary>The id that Vertex gives a model which the table does not have: a date stands behind <c>@</c>.</summary>
    public static string IdByRule(string name) => ModelIds.DateLength(name) > 0 ? $"{name[..^9]}@{name[^8..]}" : name;

    /// <inheritdoc/>
    public override ProviderRefusal? Refuse(in ProviderRequest request) =>
        request.Surface == ProviderSurface.Other ? NotServed(request, "/v1/messages and /v1/messages/count_tokens") : null;

    /// <inheritdoc/>
    public override ProviderEdit EditOf(in ProviderRequest request) => new(Name, model => ids.Of(model, IdByRule))
    {
        RemovesModel = request.Surface == ProviderSurface.Messages,
        Version = request.Version is null or "2023-06-01" ? DatedVersion : request.Version,
        AlsoDone = request.Notes,
    };

    /// <inheritdoc/>
    public override string TargetOf(in ProviderRequest request, ProviderEdit? edit) => request.Surface == ProviderSurface.CountTokens
        ? models + "count-tokens:rawPredict"
        : $"{models}{PathSegment.Encode(edit!.Model!)}:{(edit.Streams ? "streamRawPredict" : "rawPredict")}";
}
