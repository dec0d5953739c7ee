namespace Tuppence.Upstreams.Providers;

/// <summary>What a request is for, as far as providers differ.</summary>
public enum ProviderSurface
{
    /// <summary>Any other path of the API.</summary>
    Other,

    /// <summary><c>/v1/messages</c>.</summary>
    Messages,

    /// <summary><c>/v1/messages/count_tokens</c>.</summary>
    CountTokens,
}
