using Tuppence.Messages.Models;
using Tuppence.Thrift;
using Tuppence.Thrift.Families;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Tests.Unit.Thrift.Rewriting;

/// <summary>Models whose price has a step: what the front end dropped is not put back where that would make the whole request dearer.</summary>
public sealed class PriceStepTests
{
    private static readonly ModelPrices Dear = new(5000, 25_000, 6250, 10_000, 250, 2500, 12_500);

    [Fact]
    public void A_window_is_never_kept_over_the_step_of_the_price()
    {
        // The front end drops messages just below the step, as one does whose context is set to it.
        var sizes = Family.All[7].Make(0).Select(static request => ThriftBodies.Read(request.Body).Tokens).ToArray();
        var step = sizes.Max() + 1;

        Assert.True(Over(step, withStep: false) > 5);
        Assert.Equal(0, Over(step, withStep: true));
    }

    private static int Over(int step, bool withStep)
    {
        var rewriting = new ConversationRewriting();
        var over = 0;
        foreach (var request in Family.All[7].Make(0))
        {
            var context = new PlanContext("a", CacheLevel.RelocateWindow, ThriftBodies.Prices, 1024, request.At, LongPrices: withStep ? Dear : null, LongAbove: withStep ? step : 0);
            var sent = rewriting.Rewrite(request.Body, context)?.Body ?? request.Body;
            over += ThriftBodies.Read(sent).Tokens > step ? 1 : 0;
        }

        return over;
    }
}
