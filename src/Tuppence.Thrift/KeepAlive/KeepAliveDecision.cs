using System.Runtime.InteropServices;

namespace Tuppence.Thrift.KeepAlive;

/// <summary>When to ping next, or why not at all.</summary>
/// <param name="PingAt">When; null where not at all. Ask again after the ping, or when the user is back.</param>
/// <param name="Stop">Why not.</param>
/// <param name="Chance">The chance that the ping is what saves the entry for the user's next request, 0 to 1.</param>
/// <param name="Cost">What the ping costs, in nano-dollars.</param>
/// <param name="Expected">What it saves less what it costs, in the mean, in nano-dollars.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KeepAliveDecision(DateTimeOffset? PingAt, KeepAliveStop Stop, double Chance, long Cost, long Expected);
