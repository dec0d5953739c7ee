namespace Tuppence.Configuration.Catalogue;

/// <summary>Judges a text: null where it is accepted.</summary>
internal delegate Refusal? TextRule(string text);
