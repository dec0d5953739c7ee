using System.Runtime.InteropServices;

namespace Tuppence.Messages.Requests;

/// <summary>An entry of <c>messages</c>.</summary>
/// <param name="Range">The whole entry.</param>
/// <param name="Role">What its <c>role</c> says.</param>
/// <param name="RoleValue">The value of <c>role</c> with its quotes; empty where there is none.</param>
/// <param name="Content">The value of <c>content</c>: a string, an array, or anything else the client wrote; empty where there is none.</param>
/// <param name="FirstBlock">Index of its first block among all message blocks.</param>
/// <param name="BlockCount">Number of its blocks; 0 where the content is not an array.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BodyMessage(
    ByteRange Range, MessageRole Role, ByteRange RoleValue, ByteRange Content, int FirstBlock, int BlockCount);
