using System.IO.Hashing;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>Tells kinds of requests in one conversation apart: summaries and titles are not streamed, or ask for another length.</summary>
internal static class RequestShape
{
    /// <summary>Hashes <c>stream</c> and <c>max_tokens</c>.</summary>
    public static ulong Of(Prompt prompt)
    {
        var json = prompt.Body.Bytes.Span;
        var stream = prompt.Body.TryFind("stream"u8, out var streams) && JsonText.Means(streams.Value.Of(json), "true"u8) ? 1L : 0;
        return prompt.Body.TryFind("max_tokens"u8, out var most) ? XxHash3.HashToUInt64(most.Value.Of(json), stream) : (ulong)stream;
    }
}
