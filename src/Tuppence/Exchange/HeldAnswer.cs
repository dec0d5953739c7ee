using System.Buffers;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>The beginning of an answer's body, or all of it, taken in before anything is passed on, so that it can be judged or replaced.</summary>
/// <param name="connection">The upstream's side; the head is read.</param>
/// <param name="watch">Time limits.</param>
/// <param name="decoder">Makes events of a provider's own framing; null, as mostly: bytes stay as they come.</param>
internal sealed class HeldAnswer(UpstreamConnection connection, StreamWatch watch, IAnswerDecoder? decoder)
{
    private ArrayBufferWriter<byte>? held;

    /// <summary>What has been taken in.</summary>
    public ReadOnlyMemory<byte> Bytes => held is null ? default : held.WrittenMemory;

    /// <summary>True where the provider's framing said that the answer ends, or could not be read.</summary>
    public bool IsUndecodable { get; private set; }

    /// <summary>True where that was so before the first event.</summary>
    public bool IsRefused => IsUndecodable && !decoder!.HasEvents;

    /// <summary>Takes in the body until <paramref name="isEnough"/> or until no more comes. True where the body ended in order.</summary>
    public async ValueTask<bool> HoldAsync(Func<ReadOnlyMemory<byte>, bool> isEnough)
    {
        held = new ArrayBufferWriter<byte>(4 * 1024);
        watch.BeginBody(null);
        while (true)
        {
            BodyStep step;
            while ((step = connection.Next(out var payload)) == BodyStep.Payload)
            {
                IsUndecodable = !TryTake(decoder, payload, held);
                if (IsUndecodable || isEnough(held.WrittenMemory))
                {
                    return false;
                }
            }

            if (step != BodyStep.NeedsMore)
            {
                return step == BodyStep.End;
            }

            await watch.ReceiveAsync();
        }
    }

    /// <summary>Puts <paramref name="body"/> in the place of what is held.</summary>
    public void Replace(ReadOnlySpan<byte> body)
    {
        held = new ArrayBufferWriter<byte>(body.Length);
        held.Write(body);
    }

    /// <summary>Hands over what is held, once.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var taken = held is null ? default : held.WrittenSpan;
        held = null;
        return taken;
    }

    /// <summary>Puts a run into the client's form. False where the provider's framing says that the answer ends here.</summary>
    public static bool TryTake(IAnswerDecoder? decoder, ReadOnlySpan<byte> payload, IBufferWriter<byte> target)
    {
        if (decoder is not null)
        {
            return decoder.TryDecode(payload, target);
        }

        target.Write(payload);
        return true;
    }
}
