namespace Tuppence.Tests.Properties.Thrift;

/// <summary>What a made-up SillyTavern chat has and what its user does. The depth of a note or of lore is counted in lines from the end; -1: none.</summary>
internal sealed record TavernHabits
{
    public int Turns { get; init; } = 40;

    public string Model { get; init; } = "claude-sonnet-5";

    public bool IsWithoutSystem { get; init; }

    public int Speakers { get; init; } = 1;

    public int NoteDepth { get; init; } = -1;

    public int Lore { get; init; }

    public int DeepLore { get; init; }

    public int LoreDepth { get; init; } = 4;

    public int Limit { get; init; }

    public int SummaryEvery { get; init; }

    public bool IsHiding { get; init; }

    public bool HasMacros { get; init; }

    public bool HasVectors { get; init; }

    public bool IsPersonaChanged { get; init; }

    public double Swipes { get; init; }

    public double Edits { get; init; }

    public double Deletions { get; init; }

    public double Tools { get; init; }
}
