using System.Buffers;
using Tuppence.Upstreams.Providers;

namespace Tuppence.Exchange;

/// <summary>Turns an answer in a provider's own framing into server-sent events of the Messages API, as its bytes arrive.</summary>
internal interface IAnswerDecoder : IDisposable
{
    /// <summary>Whether an event has said that the answer is over.</summary>
    bool IsOver { get; }

    /// <summary>Whether an event was written.</summary>
    bool HasEvents { get; }

    /// <summary>Why the answer cannot go on, once a call has answered false.</summary>
    ProviderError? Error { get; }

    /// <summary>Writes the whole events among what has come. False: the answer ends here, see <see cref="Error"/>.</summary>
    bool TryDecode(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output);

    /// <summary>The bytes have ended in order. False: the answer is not whole.</summary>
    bool TryEnd();
}
