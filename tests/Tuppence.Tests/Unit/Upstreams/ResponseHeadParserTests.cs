using System.Text;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Unit.Upstreams;

public sealed class ResponseHeadParserTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 200, "OK")]
    [InlineData("HTTP/1.1 529\r\n\r\n", 529, "")]
    [InlineData("HTTP/1.1 503 \r\n\r\n", 503, "")]
    [InlineData("HTTP/1.0 404 Not Found\r\n\r\n", 404, "Not Found")]
    public void Status_lines_as_servers_write_them(string text, int status, string reason)
    {
        var head = Parse(text, out var wrong);
        Assert.Null(wrong);
        Assert.Equal((status, reason), (head.Status, head.Reason));
    }

    [Theory]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("http/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 0200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("HTTP/1.1\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nNoColon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: value\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nName : value\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n Name: value\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\nc: d\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nÄ: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n")]
    public void What_could_be_read_in_two_ways_is_refused(string text)
    {
        Parse(text, out var wrong);
        Assert.NotNull(wrong);
    }

    [Fact]
    public void Lines_keep_order_case_repetition_and_bytes()
    {
        var head = Parse("HTTP/1.1 200 OK\r\nB: 1\r\na:  x \t\r\nb:\r\nB: ü\u00ff\r\n\r\n", out var wrong);
        Assert.Null(wrong);
        Assert.Equal([new("B", "1"), new("a", "x"), new("b", ""), new("B", "ü\u00ff")], head.Lines.ToArray());
        Assert.Equal("1", head.Find("b"));
    }

    [Fact]
    public void Framing_and_kind_are_read_anew_for_each_answer()
    {
        var head = new ResponseHead();
        Assert.Null(Parse("HTTP/1.1 200 OK\r\ncontent-type: TEXT/EVENT-STREAM; charset=utf-8\r\nTransfer-Encoding: Chunked\r\nConnection: X, Close\r\nContent-Encoding: br\r\n\r\n", head));
        Assert.True(head is { IsEventStream: true, IsChunked: true, ClosesConnection: true, IsEncoded: true, ContentLength: -1 });

        Assert.Null(Parse("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nContent-Length: 5\r\nContent-Encoding: identity\r\nConnection: keep-alive\r\n\r\n", head));
        Assert.True(head is { IsEventStream: false, IsChunked: false, ClosesConnection: false, IsEncoded: false, ContentLength: 5 });

        Assert.Null(Parse("HTTP/1.0 200 OK\r\n\r\n", head));
        Assert.True(head is { ClosesConnection: true, ContentLength: -1 });
    }

    [Fact]
    public void More_lines_than_there_was_room_for_are_kept()
    {
        var head = Parse("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 200).Select(static i => $"x-{i}: {i}\r\n")) + "\r\n", out var wrong);
        Assert.Null(wrong);
        Assert.Equal("199", head.Find("X-199"));
    }

    private static ResponseHead Parse(string text, out string? wrong)
    {
        var head = new ResponseHead();
        wrong = Parse(text, head);
        return head;
    }

    private static string? Parse(string text, ResponseHead head)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(bytes.Length, ResponseHeadParser.FindEnd(bytes));
        Assert.Equal(-1, ResponseHeadParser.FindEnd(bytes.AsSpan(0, bytes.Length - 1)));
        return ResponseHeadParser.Parse(bytes, head);
    }
}
