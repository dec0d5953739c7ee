using System.Text;
using Tuppence.Configuration;
using Tuppence.Exchange;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Unit.Exchange;

public sealed class RetryPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(408, true), InlineData(429, true), InlineData(500, true), InlineData(502, true), InlineData(503, true), InlineData(504, true), InlineData(529, true)]
    [InlineData(200, false), InlineData(302, false), InlineData(400, false), InlineData(401, false), InlineData(403, false), InlineData(404, false), InlineData(409, false), InlineData(413, false), InlineData(501, false)]
    public void Only_an_answer_that_says_try_again_is_tried_again(int status, bool again) => Assert.Equal(again, Wait(status) is not null);

    [Theory]
    [InlineData(FaultKind.NameNotResolved, true), InlineData(FaultKind.ConnectFailed, true), InlineData(FaultKind.ConnectTimeout, true), InlineData(FaultKind.TlsFailed, true), InlineData(FaultKind.ProxyFailed, true)]
    [InlineData(FaultKind.SendFailed, false), InlineData(FaultKind.NoAnswer, false), InlineData(FaultKind.HeadTimeout, false), InlineData(FaultKind.MalformedHead, false), InlineData(FaultKind.BodyCut, false)]
    [InlineData(FaultKind.MalformedBody, false), InlineData(FaultKind.IdleTimeout, false), InlineData(FaultKind.TotalTimeout, false), InlineData(FaultKind.Aborted, false)]
    public void Only_a_fault_before_anything_was_sent_is_tried_again(FaultKind kind, bool again) =>
        Assert.Equal(again, new RetryPolicy(new RetryConfig(), static () => 0).NextDelay(0, TimeSpan.Zero, null, new UpstreamFault(kind, "x"), Now) is not null);

    [Theory]
    [InlineData("retry-after: 0", 0)]
    [InlineData("retry-after: 7", 7000)]
    [InlineData("retry-after: 1.5", 1500)]
    [InlineData("retry-after-ms: 250", 250)]
    [InlineData("retry-after-ms: 12.5\r\nretry-after: 9", 12.5)]
    [InlineData("retry-after: Sun, 22 Nov 2026 12:00:09 GMT", 9000)]
    [InlineData("retry-after: Sun, 22 Nov 2026 11:59:00 GMT", 0)]
    [InlineData("retry-after: 20", 20000)]
    // What cannot be read is as if it were not there: the first wait is half a second.
    [InlineData("retry-after: -3", 500)]
    [InlineData("retry-after: soon", 500)]
    [InlineData("retry-after: NaN", 500)]
    [InlineData("retry-after: 1e300", 500)]
    [InlineData("retry-after-ms: x\r\nretry-after: 2", 2000)]
    [InlineData("x-other: 1", 500)]
    public void The_wait_is_the_one_asked_for(string headers, double milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Wait(429, headers));

    [Theory]
    [InlineData("retry-after: 20.1")]
    [InlineData("retry-after: Sun, 22 Nov 2026 12:01:00 GMT")]
    [InlineData("x-should-retry: false")]
    [InlineData("x-should-retry: false\r\nretry-after: 1")]
    public void Too_long_a_wait_or_a_no_ends_it(string headers) => Assert.Null(Wait(429, headers));

    [Fact]
    public void The_upstream_may_ask_for_another_attempt_at_any_error_but_not_at_an_answer()
    {
        Assert.NotNull(Wait(409, "x-should-retry: true"));
        Assert.Null(Wait(200, "x-should-retry: true"));
    }

    [Theory]
    [InlineData(0, 0.0, 500), InlineData(0, 1.0, 375), InlineData(1, 0.0, 1000), InlineData(2, 0.5, 1750), InlineData(6, 0.0, 20000), InlineData(9, 1.0, 20000)]
    public void Without_a_word_the_wait_doubles_with_jitter_up_to_its_bound(int retries, double jitter, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Wait(500, "a: b", new RetryConfig { MaxRetries = 10, TotalTime = TimeSpan.FromHours(1) }, retries, jitter));

    [Fact]
    public void Number_and_total_time_are_bounded()
    {
        var config = new RetryConfig();
        Assert.NotNull(Wait(500, "a: b", config, retries: 1));
        Assert.Null(Wait(500, "a: b", config, retries: 2));
        Assert.Null(Wait(500, "a: b", config with { MaxRetries = 0 }));
        Assert.NotNull(Wait(429, "retry-after: 10", config, elapsed: 50));
        Assert.Null(Wait(429, "retry-after: 10", config, elapsed: 50.001));
    }

    private static TimeSpan? Wait(int status, string headers = "a: b", RetryConfig? config = null, int retries = 0, double jitter = 0, double elapsed = 0)
    {
        var head = new ResponseHead();
        Assert.Null(ResponseHeadParser.Parse(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\n{headers}\r\n\r\n"), head));
        return new RetryPolicy(config ?? new RetryConfig(), () => jitter).NextDelay(retries, TimeSpan.FromSeconds(elapsed), head, null, Now);
    }
}
