using System.Runtime.InteropServices;

namespace Tuppence.Messages.Requests;

/// <summary>A member of the body's top-level object.</summary>
/// <param name="Name">The name with its quotes, as written (escapes are kept).</param>
/// <param name="Value">The value without white space around it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BodyMember(ByteRange Name, ByteRange Value);
