using Tuppence.Messages.Edits;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Providers;

/// <summary>What a Messages request becomes for one provider. Compiled from the configuration; immutable and shared by all requests.</summary>
public abstract class ProviderAdapter
{
    /// <summary>Name as in the option <c>provider</c>; the edit is called <c>provider:NAME</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Name for people, with its article or none, such as “Amazon Bedrock (InvokeModel)”.</summary>
    public abstract string Title { get; }

    /// <summary>Largest body in bytes that the provider takes. Source: https://platform.claude.com/docs/en/api/errors (2026-08-22).</summary>
    public abstract long MaxBodyBytes { get; }

    /// <summary>Service name of AWS signatures, or null where the provider is not AWS's.</summary>
    public virtual string? SigningService => null;

    /// <summary>Whether a stream comes as frames of AWS's event-stream encoding.</summary>
    public virtual bool StreamsFrames => false;

    /// <summary>Takes values out of <c>anthropic-beta</c> that the provider is documented to refuse; null: none.</summary>
    public virtual BetaFilter? Betas => null;

    /// <summary>The client's header lines that do not go on.</summary>
    public virtual IReadOnlyList<string> DroppedHeaders => AnswersArePlain;

    /// <summary>Header lines that every request gets.</summary>
    public virtual IReadOnlyList<HeaderLine> AddedHeaders => [];

    /// <summary>Why the provider does not serve this request, or null.</summary>
    public abstract ProviderRefusal? Refuse(in ProviderRequest request);

    /// <summary>The edit of the request's body, or null where the body passes as it is.</summary>
    public abstract ProviderEdit? EditOf(in ProviderRequest request);

    /// <summary>Where the request goes, after the base URL.</summary>
    /// <param name="request">The request.</param>
    /// <param name="edit">The edit, applied.</param>
    public virtual string TargetOf(in ProviderRequest request, ProviderEdit? edit) => request.Target;

    /// <summary>What has to be read, or put into other words, must not come compressed.</summary>
    protected static IReadOnlyList<string> AnswersArePlain { get; } = ["accept-encoding"];

    /// <summary>A refusal that names what is served instead.</summary>
    protected ProviderRefusal NotServed(in ProviderRequest request, string served) =>
        new($"{Title} does not serve {request.Path}; it serves {served}. Send this request to another upstream, such as Anthropic's own API. Nothing was sent.");
}
