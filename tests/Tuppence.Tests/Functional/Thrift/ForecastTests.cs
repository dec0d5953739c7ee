using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift;

namespace Tuppence.Tests.Functional.Thrift;

/// <summary>The planner's forecast, the account and the bill, of one chat through the gateway into the emulator.</summary>
public sealed class ForecastTests
{
    private const int Turns = 40;

    private static readonly JsonSerializerOptions AsBrowsersDo = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData(CacheLevel.Respect)]
    [InlineData(CacheLevel.Markers)]
    [InlineData(CacheLevel.Relocate)]
    [InlineData(CacheLevel.Window)]
    public async Task The_account_is_the_bill_and_the_forecast_is_close_to_it(CacheLevel level)
    {
        var clock = new GatewayClock();
        // The planner goes by the prices of the day; the emulator knows those of now.
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero));
        await using var emulator = await EmulatorHost.StartAsync(new() { Pacing = false }, clock);
        await using var gateway = await TestGateway.StartAsync(
            config => config with { Upstream = emulator.Url.ToString(), Cache = new CacheConfig { Level = level, RememberedTurns = 1000 } }, clock);
        for (var turn = 1; turn <= Turns; turn++)
        {
            Assert.Equal(200, (await gateway.PostAsync(Body(turn))).Status);
            await gateway.UntilIdleAsync();
            clock.Advance(TimeSpan.FromSeconds(turn % 9 == 0 ? 700 : 40));
        }

        using var answer = await emulator.Client.GetAsync("/emulator/bill", TestContext.Current.CancellationToken);
        var billed = Sum(await EmulatorHost.JsonAsync(answer), "bill", "input_nano_dollars");
        using var page = JsonDocument.Parse((await gateway.SendAsync(RawClient.Get("/tuppence/cache"))).Body);
        Assert.Equal(Turns, Sum(page.RootElement, "conversations", "turns"));
        Assert.Equal(billed, Sum(page.RootElement, "conversations", "spent"));
        Assert.InRange((double)Sum(page.RootElement, "conversations", "planned") / billed, 0.98, 1.02);
        Assert.Empty(emulator.Errors.Lines);
    }

    private static long Sum(JsonElement json, string list, string member) => json.GetProperty(list).EnumerateArray().Sum(one => one.GetProperty(member).GetInt64());

    /// <summary>As a chat front end builds it: a clock and a random word in the main prompt, lore that comes and goes, a note four messages from the end.</summary>
    private static string Body(int turn)
    {
        string[] birds = ["quiet", "loud", "gone", "restless", "sleepy", "hungry"];
        var time = TimeSpan.FromMinutes(600 + turn).ToString(@"hh\:mm", CultureInfo.InvariantCulture);
        var system = new JsonArray(
            Text($"Write the keeper's next reply in a chat between Ann and the keeper.\nIt is {time} now. Today the birds are {birds[turn * 7 % birds.Length]}."),
            Text(Prose(1, 900)));
        if (turn % 5 is 2 or 3)
        {
            system.Add(Text("The storm of last year felled the great oak and flooded the lower meadows for a week. " + Prose(2, 60)));
        }

        var messages = new JsonArray();
        for (var i = 1; i <= turn; i++)
        {
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(Text($"Ann: “{Prose(i * 2, 12)}” ({i})")) });
            if (i == turn - 2)
            {
                messages[^1]!["content"]!.AsArray().Add(Text("Keep the mood calm and the answers short."));
            }

            if (i < turn)
            {
                messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray(Text($"Keeper: {Prose((i * 2) + 1, 90)}")) });
            }
        }

        return new JsonObject { ["model"] = CacheScene.Model, ["max_tokens"] = 32, ["system"] = system, ["messages"] = messages }.ToJsonString(AsBrowsersDo);
    }

    private static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    private static string Prose(int seed, int words)
    {
        string[] all = ["the", "keeper", "lamp", "stairs", "wind", "and", "sea", "a", "gull", "remembers", "old", "\n\n", "harbour", "nobody", "walks", "– quietly –", "at", "night", "café", "\"yes\""];
        return string.Join(' ', Enumerable.Range(0, words).Select(i => all[((i * 31) + (seed * 17) + (i * i % 7)) % all.Length])) + '.';
    }
}
