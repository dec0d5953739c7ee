namespace Tuppence.Messages.EventStream;

/// <summary>Why an AWS event stream cannot be read on.</summary>
public enum EventStreamFault
{
    /// <summary>It can.</summary>
    None,

    /// <summary>The checksum of a frame's first eight bytes is wrong.</summary>
    PreludeChecksum,

    /// <summary>The checksum of a whole frame is wrong.</summary>
    MessageChecksum,

    /// <summary>A frame says that it is longer than <see cref="EventStreamReader.MaxFrameBytes"/>.</summary>
    TooLarge,

    /// <summary>The lengths of a frame, or its headers, contradict each other.</summary>
    Malformed,
}
