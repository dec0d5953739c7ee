namespace Tuppence.Thrift.Traces;

/// <summary>A recorded request.</summary>
/// <param name="At">When it began; traces count from the Unix epoch.</param>
/// <param name="Kind">What the front end did (<c>send</c>, <c>swipe</c>, …), or empty.</param>
/// <param name="Body">The request's body.</param>
/// <param name="ReplyBytes">Bytes of UTF-8 of the answer's text, or 0 where it was not recorded.</param>
public sealed record TraceRequest(DateTimeOffset At, string Kind, ReadOnlyMemory<byte> Body, int ReplyBytes);
