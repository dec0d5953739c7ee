using System.Runtime.InteropServices;

namespace Tuppence.Messages.Edits;

/// <summary>A top-level member as edits want it: with a value, or gone.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Overlay(ReadOnlyMemory<byte> Name, Snippet? Value);
