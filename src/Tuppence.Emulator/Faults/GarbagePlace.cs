namespace Tuppence.Emulator.Faults;

/// <summary>Where garbage stands.</summary>
internal enum GarbagePlace
{
    /// <summary>Instead of the response's head.</summary>
    Head,

    /// <summary>Instead of a chunk's length.</summary>
    Chunk,

    /// <summary>In valid HTTP: half a JSON body, or an event whose data is broken off.</summary>
    Body,
}
