using Tuppence.Messages.Usage;

namespace Tuppence.Messages.Batches;

/// <summary>Reads the results of a message batch while their bytes pass: one JSON text a line, in any pieces. Of each result only what it tells of itself is kept, and handed over at its end.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/batch-processing, "Retrieving batch results" (2026-08).</remarks>
/// <param name="result">Takes each result that was billed: <see cref="UsageReader.CustomId"/> tells which it is.</param>
public sealed class BatchResultsReader(Action<UsageReader> result)
{
    private UsageReader? line;

    /// <summary>Takes the next bytes.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            (line ??= new UsageReader(isStream: false)).Feed(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }

            End();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Nothing more comes: hands over the last line, where it has come to its usage.</summary>
    public void End()
    {
        if (line is { HasInput: true, CustomId: not null } whole)
        {
            result(whole);
        }

        line = null;
    }
}
