namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>What to start.</summary>
/// <param name="Program">Full path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Variables">Its whole environment.</param>
/// <param name="Folder">Its working folder.</param>
internal sealed record SpawnRequest(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables, string Folder)
{
    /// <summary>Whether its standard output and error lead nowhere.</summary>
    public bool DiscardsOutput { get; init; }
}
