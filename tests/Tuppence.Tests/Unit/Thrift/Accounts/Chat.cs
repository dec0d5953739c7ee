using System.Text;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift.Accounts;

/// <summary>A chat that is sent turn by turn to the simulated cache, each turn accounted for.</summary>
internal sealed class Chat
{
    public static readonly ModelPrices Prices = new(2000, 10_000, 2500, 4000, 100, 1000, 5000);

    private readonly PromptReader reader = new(ByteTokenCounter.Instance, ModelTable.Default);
    private readonly CacheEngine engine = new(new CacheEngineOptions());
    private readonly Prompt prompt = new();

    public CacheAccounts Accounts { get; init; } = new();

    public List<string> System { get; } = [Words("You are Maren, keeper of the ferry.", 900), Words("Persona of Riley.", 300)];

    public List<string> Messages { get; } = [Words("message 0", 120)];

    public string Model { get; set; } = "claude-sonnet-5";

    public string Extra { get; set; } = "";

    public CacheLevel Level { get; set; } = CacheLevel.Markers;

    public long Lineage { get; set; } = 1;

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Blocks to mark, counted from the end: 1 is the last.</summary>
    public int[] Marks { get; set; } = [1];

    /// <summary>Blocks to mark, counted from the start.</summary>
    public int[] Heads { get; set; } = [0, 1];

    /// <summary>What its messages begin with.</summary>
    public string Name { get; init; } = "message";

    /// <summary>What the plan says that would be read; by default just what will be.</summary>
    public CacheBill? Forecast { get; set; }

    /// <summary>A text that begins with <paramref name="start"/> and has that many words behind it, the same each time.</summary>
    public static string Words(string start, int count)
    {
        var text = new StringBuilder(start);
        for (var i = 0; i < count; i++)
        {
            text.Append(' ').Append((char)('a' + (i % 26))).Append(start.Length).Append((char)('a' + (i * 7 % 26)));
        }

        return text.ToString();
    }

    /// <summary>Adds an answer and the next user message.</summary>
    public Chat GoOn(int seconds = 60)
    {
        Messages.Add(Words($"{Name} {Messages.Count}", 120));
        Messages.Add(Words($"{Name} {Messages.Count}", 120));
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public string Body()
    {
        var system = string.Join(',', System.Select(static text => $$"""{"type":"text","text":{{Quote(text)}}}"""));
        var messages = string.Join(',', Messages.Select(static (text, i) => $$"""{"role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":[{"type":"text","text":{{Quote(text)}}}]}"""));
        return $$"""{"model":"{{Model}}",{{Extra}}"max_tokens":100,"system":[{{system}}],"messages":[{{messages}}]}""";
    }

    public (PlannedTurn Turn, CacheBill Bill) Plan()
    {
        Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(Body()), prompt));
        var count = prompt.Blocks.Length;
        Breakpoint[] marks = [.. Heads.Concat(Marks.Select(mark => count - mark)).Where(block => block < count).Distinct().Order().Select(static block => new Breakpoint(block, Ttl.FiveMinutes))];
        var outcome = engine.Serve(new CacheStep("here", prompt, marks, null, 1024, Now));
        var turn = new PlannedTurn
        {
            Lineage = Lineage,
            At = Now,
            Context = new PlanContext("here", Level, Prices, 1024, Now),
            Breakpoints = marks,
            Forecast = Forecast ?? outcome.Bill,
            BlockCount = prompt.Blocks.Length,
        };
        Accounts.Begin(turn, prompt);
        return (turn, outcome.Bill);
    }

    public TurnAccount Send(CacheBill? reported = null)
    {
        var (turn, bill) = Plan();
        var account = Accounts.Settle(turn, reported ?? bill);
        Assert.NotNull(account);
        return account;
    }

    private static string Quote(string text) => Encoding.UTF8.GetString(JsonText.Quote(text));
}
