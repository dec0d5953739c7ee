using System.Runtime.InteropServices;

namespace Tuppence.Emulator.Replies;

/// <summary>At which prices a reply is billed, as its usage tells it.</summary>
/// <param name="IsBatch">Whether it is a result of a batch.</param>
/// <param name="Geo">Where inference was to run, or null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UsageTerms(bool IsBatch, string? Geo);
