namespace Tuppence.Exchange;

/// <summary>What follows an attempt.</summary>
internal enum Turn
{
    /// <summary>Its outcome is the client's to see.</summary>
    Stands,

    /// <summary>Another attempt; this one is let go of.</summary>
    Again,

    /// <summary>The client has been answered.</summary>
    Over,
}
