using System.Text;
using Microsoft.AspNetCore.Http;
using Tuppence.Emulator;

namespace Tuppence.Tests.Unit;

/// <summary>The emulator without a server beneath it.</summary>
public sealed class EmulatorApiTests
{
    [Theory]
    [InlineData("cut")]
    [InlineData("garbage=head")]
    [InlineData("garbage=chunk")]
    public async Task A_fault_beneath_HTTP_is_declined_where_the_connection_cannot_be_reached(string fault)
    {
        var context = new DefaultHttpContext();
        var answer = new MemoryStream();
        (context.Request.Method, context.Request.Path, context.Request.Protocol, context.Response.Body) = ("POST", "/v1/messages", "HTTP/1.1", answer);
        context.Request.Headers["x-emulator-fault"] = fault;

        await new EmulatorApi(new() { Pacing = false }, TimeProvider.System).HandleAsync(context);

        Assert.Equal(501, context.Response.StatusCode);
        Assert.Contains("Use the emulator on a port of its own", Encoding.UTF8.GetString(answer.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorApi(new() { TokensPerSecond = 0 }, TimeProvider.System));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorApi(new() { PingInterval = TimeSpan.Zero }, TimeProvider.System));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorApi(new() { KeptRequests = -1 }, TimeProvider.System));
    }
}
