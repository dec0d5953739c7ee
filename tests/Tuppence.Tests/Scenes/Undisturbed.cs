namespace Tuppence.Tests.Scenes;

/// <summary>Tests that measure: they run when all others are done, one after another.</summary>
[CollectionDefinition(nameof(Undisturbed), DisableParallelization = true)]
public sealed class Undisturbed;
