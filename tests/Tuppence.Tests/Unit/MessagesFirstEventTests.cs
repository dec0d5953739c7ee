using System.Text;
using CsCheck;
using Tuppence.Messages.Sse;

namespace Tuppence.Tests.Unit;

public sealed class MessagesFirstEventTests
{
    private const string Overloaded = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
    private const string Start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\"}}\n\n";

    [Theory]
    [InlineData(Overloaded, FirstEventVerdict.Error)]
    [InlineData("event:error\ndata:{\"type\":\"error\",\"error\":{\"type\":\"api_error\"}}\n\n", FirstEventVerdict.Error)]
    [InlineData("event: error\r\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"}}\r\n\r\n", FirstEventVerdict.Error)]
    [InlineData("\uFEFFevent: error\rdata: {\"error\":{\"type\":\"timeout_error\"},\"type\":\"error\"}\r\r", FirstEventVerdict.Error)]
    [InlineData("data: {\"error\":{\"type\":\"overloaded_error\"},\"type\":\"error\"}\n\n", FirstEventVerdict.Error)]
    [InlineData("\n\n" + Overloaded, FirstEventVerdict.Error)]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"something_new\"}}\n", FirstEventVerdict.Error)]
    // What another upstream would refuse as well.
    [InlineData("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"}}\n\n", FirstEventVerdict.Good)]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\"}}\n\n", FirstEventVerdict.Good)]
    [InlineData(Start, FirstEventVerdict.Good)]
    [InlineData("event: m", FirstEventVerdict.Good)]
    [InlineData("event: ping\ndata: {}\n\n" + Overloaded, FirstEventVerdict.Good)]
    [InlineData(": comment", FirstEventVerdict.Good)]
    [InlineData("id: 1\n", FirstEventVerdict.Good)]
    [InlineData("data: {\"type\":\"message_start\"}\n", FirstEventVerdict.Good)]
    [InlineData("data: not json\n", FirstEventVerdict.Good)]
    [InlineData("event: error\n\n", FirstEventVerdict.Good)]
    [InlineData("", FirstEventVerdict.Open)]
    [InlineData("\n", FirstEventVerdict.Open)]
    [InlineData("ev", FirstEventVerdict.Open)]
    [InlineData("event: error", FirstEventVerdict.Open)]
    [InlineData("event: error\ndata: {\"type\":\"er", FirstEventVerdict.Open)]
    [InlineData("data: {\"type\"", FirstEventVerdict.Open)]
    public void The_beginning_of_a_stream_is_judged(string stream, FirstEventVerdict verdict) => Assert.Equal(verdict, FirstEvent.Judge(Encoding.UTF8.GetBytes(stream)));

    [Fact]
    public void A_message_is_known_from_its_first_letters() => Assert.Equal(FirstEventVerdict.Good, FirstEvent.Judge("event: m"u8));

    [Fact]
    public void However_the_bytes_are_cut_the_verdict_is_the_one_of_the_whole() => Gen.Select(Gen.OneOf(Gen.Const(Overloaded), Gen.Const(Start)), Gen.Int[0, 200]).Sample((stream, at) =>
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var early = FirstEvent.Judge(bytes.AsSpan(0, Math.Min(at, bytes.Length)));
        Assert.True(early == FirstEventVerdict.Open || early == FirstEvent.Judge(bytes));
    });

    [Fact]
    public void Not_more_than_so_many_bytes_are_held_back() =>
        Assert.Equal(FirstEventVerdict.Good, FirstEvent.Judge(Encoding.UTF8.GetBytes("data: " + new string('x', FirstEvent.MostBytes))));
}
