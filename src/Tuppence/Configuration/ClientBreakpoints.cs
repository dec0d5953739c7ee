namespace Tuppence.Configuration;

/// <summary>What becomes of breakpoints (<c>cache_control</c>) that a client set itself.</summary>
public enum ClientBreakpoints
{
    /// <summary>They stand unless somebody chose a level: the configuration, the upstream, the preset or the request.</summary>
    Auto,

    /// <summary>They stand, unless the request itself names a level.</summary>
    Respect,

    /// <summary>Tuppence's own take their place.</summary>
    Replace,
}
