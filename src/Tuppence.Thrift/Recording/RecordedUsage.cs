using System.Runtime.InteropServices;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Recording;

/// <summary>What is known of a recorded request's answer.</summary>
/// <param name="Bill">The input as the provider billed it.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="FirstEvent">Time from the request's start to the first event of the answer; zero where unknown.</param>
/// <param name="Duration">Time from the request's start to the end of the answer; zero where unknown.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordedUsage(CacheBill Bill, int OutputTokens, TimeSpan FirstEvent, TimeSpan Duration);
