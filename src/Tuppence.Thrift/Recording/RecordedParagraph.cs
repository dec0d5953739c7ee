using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Recording;

/// <summary>A paragraph of a recorded text, the line breaks after it included.</summary>
/// <param name="Hash">Salted hash of its content.</param>
/// <param name="Bytes">Its length in bytes of JSON.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordedParagraph(ulong Hash, int Bytes);
