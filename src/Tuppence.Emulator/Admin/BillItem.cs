using Tuppence.Emulator.Caching;
using Tuppence.Emulator.Models;

namespace Tuppence.Emulator.Admin;

/// <summary>One reply as it goes on the bill.</summary>
/// <param name="Account">Stands for the credential.</param>
/// <param name="Model">The model.</param>
/// <param name="Input">The input side of its usage.</param>
/// <param name="Output">Its output tokens.</param>
internal sealed record BillItem(string Account, EmulatedModel Model, CacheUsage Input, int Output)
{
    /// <summary>Day of the request, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Whether it is a result of a batch.</summary>
    public bool IsBatch { get; init; }

    /// <summary>Where inference was to run, or null.</summary>
    public string? Geo { get; init; }

    /// <summary>Web searches.</summary>
    public int WebSearches { get; init; }

    /// <summary>Replies: 1, or -1 to take one off the bill again.</summary>
    public int Replies { get; init; } = 1;
}
