using System.Text;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional;

public sealed class EmulatorFaultTests : EmulatorScene
{
    [Theory]
    [InlineData("status=529", 529, "overloaded_error", "Overloaded")]
    [InlineData("status=429; retry-after=7; message=\"Slow down; please\"", 429, "rate_limit_error", "Slow down; please")]
    [InlineData("status=500; type=overloaded_error", 500, "overloaded_error", "Overloaded")]
    [InlineData("{\"fault\":\"status\",\"status\":402,\"message\":\"No money\"}", 402, "billing_error", "No money")]
    public async Task A_scripted_status_is_answered_with_its_error(string fault, int status, string type, string message)
    {
        using var response = await Emulator.PostAsync("/v1/messages", Hello, $"x-emulator-fault: {fault}");
        Assert.Equal(status, (int)response.StatusCode);
        var error = (await EmulatorHost.JsonAsync(response)).GetProperty("error");
        Assert.Equal(type, EmulatorHost.Text(error, "type"));
        Assert.Equal(message, EmulatorHost.Text(error, "message"));
        Assert.Equal(fault.Contains("retry-after", StringComparison.Ordinal) ? TimeSpan.FromSeconds(7) : null, response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task An_error_event_ends_the_stream_in_order_after_n_events()
    {
        var answer = await Emulator.RawAsync(EmulatorHost.Post(HelloStreamed, "Connection: close", "x-emulator-fault: error-event=overloaded_error; after-events=4; message=Later"));
        Assert.False(answer.Reset);
        Assert.Equal(4, Count(answer.Text, "event: ") - 1);
        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Later\"},\"request_id\":\"req_", answer.Text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n0\r\n\r\n", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_cut_closes_the_connection_after_exactly_n_bytes_of_body(int bytes)
    {
        var answer = await Emulator.RawAsync(EmulatorHost.Post(Hello, $"x-emulator-fault: cut; after-bytes={bytes}"));
        Assert.False(answer.Reset);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer.Text, StringComparison.Ordinal);
        Assert.Equal(bytes, Body(answer.Text).Length);
    }

    [Fact]
    public async Task A_cut_stream_lacks_its_last_chunk()
    {
        var answer = await Emulator.RawAsync(EmulatorHost.Post(HelloStreamed, "x-emulator-fault: cut; after-events=3"));
        Assert.False(answer.Reset);
        Assert.Equal(3, Count(answer.Text, "event: "));
        Assert.EndsWith("\n\n\r\n", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_without_a_place_answers_nothing()
    {
        var answer = await Emulator.RawAsync(EmulatorHost.Post(Hello, "x-emulator-fault: cut"));
        Assert.False(answer.Reset);
        Assert.Empty(answer.Text);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("reset; after-bytes=50")]
    [InlineData("reset; after-events=2")]
    public async Task A_reset_is_a_reset(string fault)
    {
        var answer = await Emulator.RawAsync(EmulatorHost.Post(HelloStreamed, $"x-emulator-fault: {fault}"));
        Assert.True(answer.Reset);
        Assert.DoesNotContain("message_stop", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage", "this is not HTTP")]
    [InlineData("garbage=chunk; after-events=2", "zz;not a chunk")]
    [InlineData("garbage=chunk", "zz;not a chunk")]
    public async Task Garbage_is_not_HTTP(string fault, string expected)
    {
        var answer = await Emulator.RawAsync(EmulatorHost.Post(HelloStreamed, $"x-emulator-fault: {fault}"));
        Assert.Contains(expected, answer.Text, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await Emulator.PostAsync("/v1/messages", HelloStreamed, $"x-emulator-fault: {fault}");
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task Garbage_in_a_body_is_valid_HTTP_and_broken_JSON()
    {
        using var whole = await Emulator.PostAsync("/v1/messages", Hello, "x-emulator-fault: garbage=body");
        var text = await whole.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("{", text, StringComparison.Ordinal);
        Assert.False(text.EndsWith('}'));

        using var stream = await Emulator.PostAsync("/v1/messages", HelloStreamed, "x-emulator-fault: garbage=body; after-events=3");
        var events = await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"index\":0,\"del\n\n", events, StringComparison.Ordinal);
        Assert.EndsWith("{\"type\":\"message_stop\"}\n\n", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stall_is_silent_for_its_time_and_then_goes_on()
    {
        var clock = new GatewayClock();
        await using var slow = await EmulatorHost.StartAsync(new() { Pacing = false }, clock);
        using var response = await slow.PostAsync("/v1/messages", HelloStreamed, "x-emulator-fault: stall=90s; after-events=2");
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var head = new byte[16 * 1024];
        var read = 0;
        while (Count(Encoding.UTF8.GetString(head, 0, read), "\n\n") < 2)
        {
            read += await stream.ReadAsync(head.AsMemory(read), TestContext.Current.CancellationToken);
        }

        var rest = new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken);
        var began = clock.GetUtcNow();
        var events = await clock.AdvanceThroughAllAsync(rest);

        Assert.True(clock.GetUtcNow() - began >= TimeSpan.FromSeconds(90));
        Assert.Contains("message_stop", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_body_comes_at_its_speed_and_whole()
    {
        var clock = new GatewayClock { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        await using var slow = await EmulatorHost.StartAsync(new() { Pacing = false }, clock);
        var began = clock.GetUtcNow();
        using var response = await slow.PostAsync("/v1/messages", Hello, "x-emulator-fault: slow=100");
        var reading = response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var body = await clock.AdvanceThroughAllAsync(reading);
        Assert.EndsWith("}", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.True(clock.GetUtcNow() - began >= TimeSpan.FromSeconds((body.Length - 10) / 100.0));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_client_that_leaves_ends_an_endless_stall()
    {
        using (await Emulator.OpenAsync(EmulatorHost.Post(Hello, "x-emulator-fault: stall")))
        {
            Assert.Equal("began", await Emulator.NextMomentAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal("ended", await Emulator.NextMomentAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("explode", "There is no fault \"explode\". Kinds: status, error-event, cut, reset, stall, slow, garbage.")]
    [InlineData("status=200", "status must be a whole number from 400 to 599.")]
    [InlineData("cut; after-events=1", "counts events")]
    public async Task A_fault_that_cannot_be_played_is_explained(string fault, string expected)
    {
        using var response = await Emulator.PostAsync("/v1/messages", Hello, $"x-emulator-fault: {fault}");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(expected, EmulatorHost.Text((await EmulatorHost.JsonAsync(response)).GetProperty("error"), "message")!, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Body(string answer) => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
}
