using System.Buffers;
using Tuppence.Messages.EventStream;
using Tuppence.Upstreams.Providers;

namespace Tuppence.Exchange;

/// <summary>Decodes the AWS event stream of Bedrock's InvokeModel.</summary>
internal sealed class FrameDecoder : IAnswerDecoder
{
    private readonly BedrockEvents events = new();

    /// <inheritdoc/>
    public bool IsOver => events.IsOver;

    /// <inheritdoc/>
    public bool HasEvents => events.HasEvents;

    /// <inheritdoc/>
    public ProviderError? Error => events.Problem is { } problem ? ProviderErrors.Of(problem) : null;

    /// <inheritdoc/>
    public bool TryDecode(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output) => events.TryDecode(bytes, output);

    /// <inheritdoc/>
    public bool TryEnd() => events.TryEnd();

    /// <inheritdoc/>
    public void Dispose() => events.Dispose();
}
