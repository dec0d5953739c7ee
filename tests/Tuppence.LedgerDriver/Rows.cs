using System.Globalization;
using Tuppence.State.Ledger;
using Tuppence.Thrift.Accounts;

namespace Tuppence.LedgerDriver;

/// <summary>Rows such as a gateway records, from a seed.</summary>
public static class Rows
{
    private static readonly string[] Models = ["claude-opus-5-5", "claude-sonnet-5", "claude-haiku-5"];
    private static readonly string[] Clients = ["SillyTavern/1.14.0", "claude-cli/2.1.330", "anthropic-python/0.88.0", "curl/8.9.1"];

    /// <summary>The number-th row of a run: all of its members are set, as in a turn of a conversation of thirty.</summary>
    public static LedgerEntry Of(string run, int number, DateTimeOffset at)
    {
        var random = new Random(HashCode.Combine(number));
        var model = number % 7 == 0 ? 2 : number % 3 == 0 ? 1 : 0;
        var (input, read, written, output) = (random.Next(2_000), random.Next(90_000), random.Next(4_000), random.Next(1_500));
        var failed = number % 50 == 0;
        return new LedgerEntry
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{run}-{number:D18}"),
            At = at,
            Kind = RequestKind.Message,
            Outcome = failed ? RequestOutcome.ClientLeft : RequestOutcome.Completed,
            Conversation = string.Create(CultureInfo.InvariantCulture, $"c{number / 30:x8}{run}"),
            Preset = number % 2 == 0 ? "storyteller" : null,
            Key = number % 5 == 0 ? "phone" : "desk",
            Client = Clients[number % Clients.Length],
            Upstream = number % 11 == 0 ? "bedrock" : "anthropic",
            Platform = number % 11 == 0 ? "bedrock" : "anthropic",
            Model = Models[model],
            Status = 200,
            IsStream = true,
            StopReason = failed ? null : "end_turn",
            ProviderId = string.Create(CultureInfo.InvariantCulture, $"req_011C{number:D16}abcd"),
            Usage = new EntryUsage { Input = input, CacheRead = read, CacheWrite5m = 0, CacheWrite1h = written, Output = output, ServiceTier = "standard", IsPartial = failed },
            Cost = new EntryCost { Input = input * 5_000L, CacheRead = read * 500L, CacheWrite = written * 10_000L, Output = output * 25_000L, ServerTools = 0, WithoutCaching = ((input + read + written) * 5_000L) + (output * 25_000L) },
            Times = new EntryTimes { Queue = 0, FirstByte = 400_000 + random.Next(2_000_000), Total = 3_000_000 + random.Next(60_000_000), Own = 150 + random.Next(400) },
            Edits = number % 2 == 0 ? "preset:storyteller, sampling-filter;did=\"dropped top_k\"" : "",
            Turn = new EntryTurn
            {
                Number = (number % 30) + 1,
                Level = "markers",
                Planned = read * 500L,
                Bound = read * 480L,
                Cause = number % 9 == 0 ? BreakCause.Lore : BreakCause.Nothing,
                BrokenTokens = number % 9 == 0 ? 3_000 : 0,
                BrokenCost = number % 9 == 0 ? 15_000_000 : 0,
                Strip = [new PromptRun(PromptRunKind.Read, read), new PromptRun(PromptRunKind.Missed, number % 9 == 0 ? 3_000 : 1), new PromptRun(PromptRunKind.Written1h, written), new PromptRun(PromptRunKind.Uncached, input)],
            },
            RequestBytes = 200_000 + random.Next(100_000),
            ResponseBytes = 20_000 + random.Next(10_000),
        };
    }
}
