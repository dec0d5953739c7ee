using System.Runtime.InteropServices;

namespace Tuppence.Messages.Requests;

/// <summary>An element of <c>system</c>, <c>tools</c> or a message's <c>content</c>.</summary>
/// <param name="Range">The whole element.</param>
/// <param name="Type">The value of its <c>type</c> with quotes; empty where there is none.</param>
/// <param name="Text">The value of its <c>text</c> with quotes; empty where there is none.</param>
/// <param name="CacheControl">The value of its <c>cache_control</c>; empty where there is none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BodyBlock(ByteRange Range, ByteRange Type, ByteRange Text, ByteRange CacheControl);
