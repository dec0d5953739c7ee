using System.Runtime.InteropServices;
using Tuppence.Caching;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Exchange;

/// <summary>A request as one upstream is to get it.</summary>
/// <param name="Upstream">Where to.</param>
/// <param name="Route">The route, with the target that this upstream takes.</param>
/// <param name="Headers">What changes on the client's header lines.</param>
/// <param name="Body">The body after its edits, or null where it streams past or there is none.</param>
/// <param name="Edits">The edits that were made, as <c>x-tuppence-edits</c> tells them, or null.</param>
/// <param name="Plan">Its plan for the prompt cache, or null.</param>
/// <param name="Shaped">The state of <paramref name="Headers"/> before a credential was added.</param>
/// <param name="Secret">The upstream's own credential where that is used, else null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Outbound(Upstream Upstream, Route Route, HeaderPlan Headers, PooledBody? Body, string? Edits, PlannedRequest? Plan, (int Dropped, int Added) Shaped, Secret? Secret)
{
    /// <summary>What it may cost in nano-dollars; null where that is not known, or nothing depends on it.</summary>
    public long? Estimate { get; init; }

    /// <summary>The model as the request names it after its edits, before any translation; null where it is not known.</summary>
    public string? Model { get; init; }
}
