namespace Tuppence.Upstreams.TokenStores;

/// <summary>Content of a private file; both null where there is no such file.</summary>
/// <param name="Bytes">The content.</param>
/// <param name="Problem">What is wrong and what to do.</param>
internal readonly record struct FileReading(byte[]? Bytes, string? Problem);
