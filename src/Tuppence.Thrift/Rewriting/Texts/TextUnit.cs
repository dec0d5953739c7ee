using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Rewriting.Texts;

/// <summary>A paragraph or a sentence of a JSON string.</summary>
/// <param name="Text">What it says, escapes as written, without quotes.</param>
/// <param name="Gap">The white space behind it, up to the next one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextUnit(ByteRange Text, ByteRange Gap);
