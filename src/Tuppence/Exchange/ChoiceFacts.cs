using System.Runtime.InteropServices;

namespace Tuppence.Exchange;

/// <summary>What the choice of an upstream goes by.</summary>
/// <param name="Named">The upstream that the request names in <c>x-tuppence-upstream</c>, or null.</param>
/// <param name="Model">The model that the request names, before aliases; null where it names none or nobody asks.</param>
/// <param name="Preset">Its preset, or null.</param>
/// <param name="Key">Value of <c>x-api-key</c>, or null.</param>
/// <param name="Bearer">The bearer token, or null.</param>
/// <param name="Client">The credential that the request brings.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChoiceFacts(string? Named, string? Model, string? Preset, string? Key, string? Bearer, ClientCredential Client);
