using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Tuppence.Messages.Requests;

/// <summary>
/// Tells the conversations of a client apart by what stays the same in each of their requests: system text, the beginning of the first
/// user message, preset and model. The key holds none of it; two conversations that begin alike share one, and with it a prompt cache.
/// </summary>
/// <remarks>
/// Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (a cache belongs to one workspace of one provider, and to
/// one model). Only text counts, so that a <c>cache_control</c> that moves changes nothing; the attribution block of Claude Code, which differs from
/// request to request and is taken out upstream, does not count (https://code.claude.com/docs/en/llm-gateway-protocol, 2026-08-22).
/// </remarks>
public static class ConversationKey
{
    /// <summary>Bytes of the first user message that count.</summary>
    public const int MessagePrefix = 1024;

    [ThreadStatic]
    private static MessageBody? spare;

    private static ReadOnlySpan<byte> Attribution => "x-anthropic-billing-header:"u8;

    /// <summary>Computes the key. False where the body is not JSON or holds no user message.</summary>
    /// <param name="bytes">The body as the client sent it.</param>
    /// <param name="preset">Name of the preset, or null.</param>
    /// <param name="key">The first 128 bits of a SHA-256.</param>
    public static bool TryCompute(ReadOnlyMemory<byte> bytes, string? preset, out UInt128 key)
    {
        var body = spare ?? new MessageBody();
        spare = null;
        key = default;
        var isRead = body.Read(bytes, MessageBody.DefaultMaxDepth) is null && TryHash(body, preset, out key);
        body.Clear();
        spare = body;
        return isRead;
    }

    private static bool TryHash(MessageBody body, string? preset, out UInt128 key)
    {
        var bytes = body.Bytes.Span;
        key = default;
        foreach (ref readonly var message in body.Messages)
        {
            if (message.Role != MessageRole.User)
            {
                continue;
            }

            // Digest of all before, then of the next part: no part can pass for the end of the one before it.
            Span<byte> chain = stackalloc byte[2 * SHA256.HashSizeInBytes];
            chain.Clear();
            Link(chain, preset is null ? default : Encoding.UTF8.GetBytes(preset));
            Link(chain, body.TryFind("model"u8, out var model) ? model.Value.Of(bytes) : default);
            LinkSystem(chain, body, bytes);
            Link(chain, Beginning(body, message, bytes));
            key = BinaryPrimitives.ReadUInt128LittleEndian(chain);
            return true;
        }

        return false;
    }

    private static void LinkSystem(Span<byte> chain, MessageBody body, ReadOnlySpan<byte> bytes)
    {
        if (body.SystemBlocks.IsEmpty && body.TryFind("system"u8, out var system))
        {
            Link(chain, system.Value.Of(bytes));
        }

        foreach (ref readonly var block in body.SystemBlocks)
        {
            if (!JsonText.Begins(block.Text.Of(bytes), Attribution))
            {
                Link(chain, block.Text.Of(bytes));
            }
        }
    }

    // The first text of the message; of one that has none (an image alone) the message as it is.
    private static ReadOnlySpan<byte> Beginning(MessageBody body, in BodyMessage message, ReadOnlySpan<byte> bytes)
    {
        var text = message.BlockCount == 0 ? message.Content : message.Range;
        foreach (ref readonly var block in body.BlocksOf(message))
        {
            if (!block.Text.IsEmpty)
            {
                text = block.Text;
                break;
            }
        }

        var beginning = text.Of(bytes);
        return beginning.Length > MessagePrefix ? beginning[..MessagePrefix] : beginning;
    }

    private static void Link(Span<byte> chain, ReadOnlySpan<byte> part)
    {
        SHA256.HashData(part, chain[SHA256.HashSizeInBytes..]);
        Span<byte> linked = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(chain, linked);
        linked.CopyTo(chain);
    }
}
