using System.Text;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Families;

/// <summary>Where a made-up conversation takes place: its clock, its chance, what was said and what was sent.</summary>
internal sealed class ChatStage
{
    private readonly List<TraceRequest> sent = [];
    private double now;

    /// <summary>Sets the stage: a system prompt as SillyTavern sends it, and a greeting.</summary>
    public ChatStage(int family, int seed)
    {
        Dice = new Dice(((ulong)family << 32) | (uint)seed);
        Prose = new Prose(Dice);
        Body.System.AddRange([Prose.Of(160), Prose.Of(25), Prose.Of(850), Prose.Of(65), Prose.Of(80), "[Example Chat]", Prose.Of(18), Prose.Of(90), "[Start a new Chat]"]);
        Body.Messages.Add(new ChatMessage(isUser: false, Prose.Answer()));
    }

    /// <summary>Chance.</summary>
    public Dice Dice { get; }

    /// <summary>Text.</summary>
    public Prose Prose { get; }

    /// <summary>The conversation as the front end holds it.</summary>
    public ChatBody Body { get; } = new();

    /// <summary>Seconds since the start.</summary>
    public double Now => now;

    /// <summary>What was sent.</summary>
    public IReadOnlyList<TraceRequest> Sent => sent;

    /// <summary>Sends a request; the clock goes on by the time its answer takes.</summary>
    /// <param name="body">The request.</param>
    /// <param name="kind">What for.</param>
    /// <param name="reply">The answer's text.</param>
    /// <param name="isAwaited">Whether the clock waits for the answer.</param>
    public void Send(ChatBody body, string kind, string reply, bool isAwaited = true)
    {
        sent.Add(new TraceRequest(DateTimeOffset.UnixEpoch.AddSeconds(Math.Round(now, 1)), kind, body.ToJson(), Encoding.UTF8.GetByteCount(reply)));
        now += isAwaited ? 1.5 + (reply.Length / 3.6 / 60) : 0;
    }

    /// <summary>Lets time pass.</summary>
    public void Wait(double seconds) => now += seconds;

    /// <summary>A person's time between an answer and the next turn: mostly a minute or so, sometimes a break, rarely hours.</summary>
    public void Think()
    {
        var kind = Dice.Fraction();
        now += kind < 0.72 ? Math.Clamp(Dice.LogNormal(75, 0.6), 3, 290)
            : kind < 0.95 ? Dice.Between(300, 2700)
            : Dice.Between(3700, 6 * 3600);
    }

    /// <summary>One turn: the user speaks, perhaps wants other answers to the same, and goes on with the last one.</summary>
    /// <param name="render">What the front end sends; called anew for each request. Null: the conversation as it is.</param>
    /// <param name="swipes">How likely another answer is wanted.</param>
    public void Turn(Func<ChatBody>? render = null, double swipes = 0.18)
    {
        Body.Messages.Add(new ChatMessage(isUser: true, Prose.UserTurn()));
        var reply = Prose.Answer();
        Send(render?.Invoke() ?? Body, "send", reply);
        while (Dice.Chance(swipes))
        {
            Wait(Math.Clamp(Dice.LogNormal(15, 0.5), 3, 120));
            reply = Prose.Answer();
            Send(render?.Invoke() ?? Body, "swipe", reply);
        }

        Body.Messages.Add(new ChatMessage(isUser: false, reply));
    }
}
