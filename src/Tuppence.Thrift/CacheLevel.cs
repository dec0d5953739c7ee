namespace Tuppence.Thrift;

/// <summary>What may be done to a request so that more of it is read from the prompt cache.</summary>
public enum CacheLevel
{
    /// <summary>Nothing: the request passes as it is.</summary>
    Off,

    /// <summary>The client's own breakpoints stand; what becomes of them is accounted for.</summary>
    Respect,

    /// <summary><c>cache_control</c> is added, moved and removed; every text stays byte for byte.</summary>
    Markers,

    /// <summary>As <see cref="Markers"/>; and a text block is cut in two where its beginning proved stable. Joined together the parts say the same.</summary>
    Split,

    /// <summary>As <see cref="Split"/>; and text that proved volatile is carried behind the history.</summary>
    Relocate,

    /// <summary>As <see cref="Markers"/>; and what the front end dropped from the start of its window stays until there is much of it.</summary>
    Window,

    /// <summary><see cref="Relocate"/> and <see cref="Window"/> together, written <c>relocate+window</c>.</summary>
    RelocateWindow,
}
