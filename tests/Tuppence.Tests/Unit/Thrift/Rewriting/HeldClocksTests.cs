using System.Text;
using Tuppence.Thrift;
using Tuppence.Thrift.Rewriting;
using Tuppence.Thrift.Rewriting.Texts;

namespace Tuppence.Tests.Unit.Thrift.Rewriting;

public sealed class HeldClocksTests
{
    private readonly HeldClocks clocks = new();

    [Theory]
    [InlineData("It is 7:58 PM now.", "It is 8:14 PM now.", 16, "It is 8:00 PM now.")]
    [InlineData("Time: 23:59:31", "Time: 00:17:02", 18, "Time: 00:15:00")]
    [InlineData("It is 12:50.", "It is 1:07.", 17, "It is 1:00.")]
    public void A_time_that_goes_on_as_the_real_one_is_rounded_down(string first, string second, int minutes, string held)
    {
        Assert.Null(Hold(first, 0));
        Assert.Equal(held, Hold(second, minutes));
        Assert.Equal(held, Hold(second, minutes));
    }

    [Theory]
    [InlineData("The train leaves at 7:58.", "The train leaves at 7:58.", 16)]
    [InlineData("The train leaves at 7:58.", "The train leaves at 9:58.", 16)]
    [InlineData("It is 7:58 now, from 7:00 on.", "It is 8:14 now, from 7:00 on.", 16)]
    [InlineData("The score is 7:58.", "The score has become 8:14.", 16)]
    public void Any_other_text_stays(string first, string second, int minutes)
    {
        Assert.Null(Hold(first, 0));
        Assert.Null(Hold(second, minutes));
    }

    [Fact]
    public void A_clock_in_the_card_is_held_where_the_option_says_so_and_that_is_declared()
    {
        var rewriting = new ConversationRewriting(new RewritingOptions { ClockStep = TimeSpan.FromMinutes(15) });
        var chat = Chat.Begun(Chat.Words(3, 30), "It is 7:58 PM now.", Chat.Words(4, 30));
        var at = DateTimeOffset.UnixEpoch;
        string[] times = ["7:58", "8:01", "8:04", "8:09"];
        for (var i = 0; i < times.Length; i++)
        {
            chat.System[1] = $"It is {times[i]} PM now.";
            var now = at.AddMinutes(i == 0 ? 0 : int.Parse(times[i][2..], System.Globalization.CultureInfo.InvariantCulture) + 2);
            var rewritten = rewriting.Rewrite(chat.Turn(i).Body(), new("a", CacheLevel.Relocate, Chat.Prices, 1024, now));
            if (i >= 2)
            {
                Assert.Contains("It is 8:00 PM now.", Encoding.UTF8.GetString(rewritten!.Body.Span), StringComparison.Ordinal);
                Assert.Contains(rewritten.Edits, edit => edit.Name == "cache-clock" && edit.Detail == "held 1 clock to steps of 15 minutes");
            }
        }
    }

    private string? Hold(string text, int minutes) =>
        clocks.Hold(Encoding.UTF8.GetBytes(text), DateTimeOffset.UnixEpoch.AddMinutes(minutes), TimeSpan.FromMinutes(15)) is { } held ? Encoding.UTF8.GetString(held) : null;
}
