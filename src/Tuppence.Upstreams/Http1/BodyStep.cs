namespace Tuppence.Upstreams.Http1;

/// <summary>What <see cref="UpstreamConnection.Next"/> found in the bytes at hand.</summary>
public enum BodyStep
{
    /// <summary>A run of payload.</summary>
    Payload,

    /// <summary>Nothing until more is received.</summary>
    NeedsMore,

    /// <summary>The body is whole.</summary>
    End,

    /// <summary>The body broke off or is malformed: see <see cref="UpstreamConnection.Fault"/>.</summary>
    Fault,
}
