namespace Tuppence.Messages.Models;

/// <summary>A model in a list of models.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Json">The whole entry, as it was written.</param>
public sealed record ModelListingEntry(string Id, ReadOnlyMemory<byte> Json);
