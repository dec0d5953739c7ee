using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>
/// Keeps account of two courses of a conversation, as it came and rewritten: what each would cost if it were taken all along. The other
/// one is taken only once it has been the cheaper one by more than it costs to change over.
/// </summary>
internal sealed class CourseLedger
{
    private const int Remembered = 8;
    private const double Margin = 0.01;
    private const double Trifle = 32;
    private const double Much = 0.75;
    private const double Little = 0.05;
    private const double Some = 0.15;
    private const double Seldom = 0.25;
    private const double Recent = 0.2;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private List<SentRequest> sent = [];
    private double[] reuse = [0.6, 0.6];
    private double plainCost;
    private double lead;
    private double turned;
    private int before;

    /// <summary>Whether the conversation goes rewritten.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes => sent.Sum(static request => request.Bytes);

    /// <summary>A copy that learns by itself.</summary>
    public CourseLedger Copy()
    {
        var copy = (CourseLedger)MemberwiseClone();
        (copy.sent, copy.reuse) = (sent.ConvertAll(static request => request.Copy()), [.. reuse]);
        return copy;
    }

    /// <summary>Takes a request, as it came and as it would go out rewritten. Answers whether it is to go rewritten.</summary>
    public bool Add(Prompt asItCame, Prompt rewritten, in PlanContext context)
    {
        var input = Math.Max(1, context.Prices.Input);
        var (read, write) = ((double)context.Prices.CacheRead / input, (double)context.Prices.CacheWrite5m / input);
        var at = context.At;
        sent.RemoveAll(request => at - request.At > Life);
        var request = new SentRequest(asItCame, rewritten, at);
        var plainNow = Cost(0, asItCame, request, read, write, context.MinTokens);
        plainCost += plainNow;
        lead += plainNow - Cost(1, rewritten, request, read, write, context.MinTokens);

        var change = rewritten.Tokens - asItCame.Tokens + ((write - read) * (Held(asItCame, context.MinTokens) - Held(rewritten, context.MinTokens)));
        var needed = Math.Max(0, IsOn ? -change : change) + (Margin * plainCost);
        turned = IsOn ? Math.Max(turned, lead) : Math.Min(turned, lead);
        var breaks = !IsOn && context.Level is CacheLevel.Relocate or CacheLevel.RelocateWindow && !ReferenceEquals(asItCame, rewritten) && request.Written[0] < before * Much && change <= Math.Max(Trifle, Margin * asItCame.Tokens) && lead >= -Margin * plainCost;
        before = asItCame.Tokens;
        if (Math.Abs(lead - turned) > needed || breaks)
        {
            (IsOn, turned) = (!IsOn, lead);
        }

        request.WentRewritten = IsOn;
        sent.Add(request);
        if (sent.Count > Remembered)
        {
            sent.RemoveAt(0);
        }

        return IsOn;
    }

    /// <summary>Tokens of the request that the provider holds of what was really sent.</summary>
    private int Held(Prompt prompt, int minTokens)
    {
        var shared = 0;
        foreach (var request in sent)
        {
            shared = Math.Max(shared, request.Shared(request.WentRewritten ? 1 : 0, prompt));
        }

        return TokensOf(prompt, shared, minTokens);
    }

    // What no later request reads is as dear as without caching; what is seldom read again is not written.
    private double Cost(int course, Prompt prompt, SentRequest self, double read, double write, int minTokens)
    {
        var (shared, from) = (0, (SentRequest?)null);
        foreach (var request in sent)
        {
            var mine = request.Shared(course, prompt);
            (shared, from) = mine > shared ? (mine, request) : (shared, from);
        }

        var hit = TokensOf(prompt, shared, minTokens);
        var written = 0;
        if ((from ?? sent.LastOrDefault()) is { } earlier)
        {
            var offered = earlier.Tokens[course] - earlier.Written[course];
            written = from is null ? 0 : Math.Max(0, hit - earlier.Written[course]);
            if (offered > prompt.Tokens * Little)
            {
                reuse[course] += Recent * ((written > offered * Some ? 1 : 0) - reuse[course]);
            }

            hit = earlier.Writes[course] ? hit : Math.Min(hit, earlier.Written[course]);
            written = Math.Max(0, hit - earlier.Written[course]);
            earlier.Written[course] = Math.Max(earlier.Written[course], hit);
        }

        (self.Written[course], self.Tokens[course], self.Writes[course]) = (hit, prompt.Tokens, reuse[course] >= Seldom);
        return prompt.Tokens - hit + (read * hit) + ((write - 1) * written);
    }

    private static int TokensOf(Prompt prompt, int shared, int minTokens)
    {
        var tokens = shared == 0 ? 0 : prompt.Blocks[shared - 1].EndTokens;
        return tokens < minTokens ? 0 : tokens;
    }
}
