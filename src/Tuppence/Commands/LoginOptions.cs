namespace Tuppence.Commands;

/// <summary>How <c>tuppence login</c> was asked for.</summary>
/// <param name="Device">With a code, whatever the configuration says.</param>
/// <param name="NoBrowser">Print the address and open nothing.</param>
/// <param name="AcceptsChanges">The person agrees that pinned endpoints are others now.</param>
internal sealed record LoginOptions(bool Device, bool NoBrowser, bool AcceptsChanges);
