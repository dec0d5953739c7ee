using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Accounts;

/// <summary>Tokens of a prompt, one after another, that fared alike.</summary>
/// <param name="Kind">What became of them.</param>
/// <param name="Tokens">How many.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PromptRun(PromptRunKind Kind, int Tokens);
