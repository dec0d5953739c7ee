namespace Tuppence.Configuration.Loading;

/// <summary>A configuration, or everything that is wrong with it.</summary>
/// <param name="Loaded">The configuration; null where there are errors.</param>
/// <param name="Errors">All errors, in the order of file, environment, flags.</param>
public sealed record LoadResult(LoadedConfiguration? Loaded, IReadOnlyList<ConfigError> Errors);
