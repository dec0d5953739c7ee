namespace Tuppence.Emulator.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>An error answer instead of the reply.</summary>
    Status,

    /// <summary>An <c>error</c> event in the stream, which then ends in order.</summary>
    ErrorEvent,

    /// <summary>The connection is closed (FIN) before the response is whole.</summary>
    Cut,

    /// <summary>The connection is reset (RST).</summary>
    Reset,

    /// <summary>Silence, for a time or until the client leaves.</summary>
    Stall,

    /// <summary>The body trickles.</summary>
    Slow,

    /// <summary>Bytes that are not HTTP, or a body that is not what its head says.</summary>
    Garbage,
}
