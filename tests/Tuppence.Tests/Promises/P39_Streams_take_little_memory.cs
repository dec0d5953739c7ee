using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>
/// P39: 500 open streams take less than 100 MB. Measured on the built program as a process of its own, compiled just in time; the
/// native program's figure stands in bench/RESULTS.md.
/// </summary>
public sealed class P39_Streams_take_little_memory
{
    private const int Streams = 500;
    private const int Megabyte = 1024 * 1024;
    private const string Event = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

    [Fact]
    public async Task Five_hundred_open_streams_add_less_than_100_MB()
    {
        await using var upstream = ScriptedUpstream.Start(static async call =>
        {
            await call.BeginStreamAsync();
            for (var i = 0; i < 3; i++)
            {
                await call.SendChunkAsync(Event);
            }

            await call.UntilClosedAsync();
        });
        await using var gateway = await GatewayProcess.StartAsync("--upstream", upstream.Url);
        // A stream before the measuring: what is compiled and loaded once is no stream's memory.
        using (var first = await OpenAsync(gateway.Port))
        {
            Assert.NotNull(first);
        }

        var before = gateway.ResidentBytes;
        var clients = new List<RawClient>();
        for (var i = 0; i < Streams; i++)
        {
            clients.Add(await OpenAsync(gateway.Port));
        }

        var grown = gateway.ResidentBytes - before;
        TestContext.Current.SendDiagnosticMessage($"{Streams} streams: {grown / Megabyte} MB more than the {before / Megabyte} MB before.");
        Assert.InRange(grown, 0, 100 * Megabyte);
        clients.ForEach(static client => client.Dispose());
    }

    private static async Task<RawClient> OpenAsync(int port)
    {
        var client = await RawClient.ConnectAsync(port);
        await client.SendAsync(RawClient.Post("/v1/messages", $$"""{"stream":true,"messages":[{"role":"user","content":"{{new string('a', 4000)}}"}]}"""));
        Assert.Equal(200, (await client.ReadHeadAsync())?.Status);
        for (var seen = 0; seen < 3 * Event.Length;)
        {
            seen += (await client.ReadChunkAsync())!.Length;
        }

        return client;
    }
}
