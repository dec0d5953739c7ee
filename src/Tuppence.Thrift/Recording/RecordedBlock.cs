using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Recording;

/// <summary>A block of a recorded request, without what it says.</summary>
/// <param name="Hash">Salted hash of its content, role and kind: equal within one recording exactly where the blocks are.</param>
/// <param name="Tokens">Its tokens, as estimated when it was recorded.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Section">The part of the prompt that it stands in.</param>
/// <param name="Role">Role of its message; system in tools and system.</param>
/// <param name="Begins">Whether a message begins with it.</param>
/// <param name="IsMarkable">Whether it may carry a breakpoint.</param>
/// <param name="Paragraphs">Its paragraphs where it is a text of several; else empty.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordedBlock(
    UInt128 Hash, int Tokens, BlockKind Kind, PromptSection Section, MessageRole Role, bool Begins, bool IsMarkable, IReadOnlyList<RecordedParagraph> Paragraphs);
