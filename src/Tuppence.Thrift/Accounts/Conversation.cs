using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Accounts;

/// <summary>The running account of a conversation. Not safe for parallel use.</summary>
internal sealed class Conversation(long id, string scope, DateTimeOffset since)
{
    private readonly Dictionary<BreakCause, CauseTotal> causes = [];
    private readonly Dictionary<(PromptSection Section, int Block), int> places = [];
    private readonly Queue<TurnAccount> recent = new();

    public long Id { get; } = id;

    public string Scope { get; } = scope;

    /// <summary>Its latest turn.</summary>
    public TurnTrail? Trail { get; set; }

    /// <summary>Numbers under which the planner knows it.</summary>
    public HashSet<long> Lineages { get; } = [];

    public DateTimeOffset Since { get; } = since;

    public int Turns { get; private set; }

    private string Model { get; set; } = "";

    private DateTimeOffset Latest { get; set; }

    private long Spent { get; set; }

    private long PingCost { get; set; }

    private int Pings { get; set; }

    private long Planned { get; set; }

    private long Uncached { get; set; }

    private long Bound { get; set; }

    private long ReadTokens { get; set; }

    private long Tokens { get; set; }

    /// <summary>Whether this place broke before.</summary>
    public bool BrokeAt(PromptSection section, int block) => places.ContainsKey((section, block));

    public void Add(TurnAccount turn, PrefixBreak? other, int turnsKept)
    {
        Turns++;
        Model = turn.Model;
        Latest = turn.At > Latest ? turn.At : Latest;
        Spent += turn.Cost;
        Planned += turn.PlannedCost;
        Uncached += turn.UncachedCost;
        Bound += turn.Bound;
        ReadTokens += turn.Reported.Read;
        Tokens += turn.Reported.Tokens;
        Count(turn.Break);
        Count(other);
        recent.Enqueue(turn);
        while (recent.Count > turnsKept)
        {
            recent.Dequeue();
        }
    }

    public void AddPing(long cost)
    {
        Pings++;
        PingCost += cost;
        Spent += cost;
    }

    public ConversationAccount Account(bool boundHolds)
    {
        CauseTotal[] totals = [.. causes.Values.OrderByDescending(static total => total.Cost).ThenBy(static total => total.Cause)];
        TurnAccount[] turns = [.. recent];
        return new ConversationAccount
        {
            Id = Id,
            Scope = Scope,
            Model = Model,
            Turns = Turns,
            Since = Since,
            Latest = Latest,
            Spent = Spent,
            Pings = Pings,
            PingCost = PingCost,
            Planned = Planned,
            Uncached = Uncached,
            Bound = Bound,
            BoundHolds = boundHolds,
            ReadTokens = ReadTokens,
            Tokens = Tokens,
            Recent = turns,
            Causes = totals,
            Advice = AdviceWriter.Write(Turns, Spent, totals, turns),
        };
    }

    private void Count(PrefixBreak? at)
    {
        if (at is null || at.Cause == BreakCause.Nothing)
        {
            return;
        }

        var total = causes.GetValueOrDefault(at.Cause);
        causes[at.Cause] = new CauseTotal(at.Cause, total.Turns + 1, total.Tokens + at.Tokens, total.Cost + at.Cost);
        if (at is { Block: { } block, Section: not PromptSection.Messages } && places.Count < 256)
        {
            places[(at.Section, block)] = places.GetValueOrDefault((at.Section, block)) + 1;
        }
    }
}
