using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Tuppence.Messages.Usage;

namespace Tuppence.Tests.Properties;

/// <summary>However an answer is cut into pieces, and whatever else it holds, its usage is read as a parser of whole texts reads it.</summary>
public sealed class UsageReaderProperties
{
    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf<JsonNode?>(
        Gen.Int[0, 1_000_000].Select(static number => (JsonNode?)number),
        Gen.Double[0, 100].Select(static number => (JsonNode?)number),
        Gen.String[Any([.. "ab\"\\{}[]:,\n\r ué"]), 0, 12].Select(static text => (JsonNode?)text),
        Gen.Bool.Select(static flag => (JsonNode?)flag),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<string> Name = Any(
        "usage", "message", "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens", "cache_creation",
        "ephemeral_1h_input_tokens", "ephemeral_5m_input_tokens", "type", "text", "a");

    private static readonly Gen<JsonNode?> Tree = Gen.Recursive<JsonNode?>((depth, inner) => depth > 4
        ? Leaf
        : Gen.Frequency(
            (3, Leaf),
            (3, Gen.Select(Name, inner).Array[0, 5].Select(Object)),
            (1, inner.Array[0, 4].Select(static items => (JsonNode?)new JsonArray([.. items.Select(static item => item?.DeepClone())])))));

    private static readonly Gen<JsonNode?> Answer = Gen.Select(Name, Tree).Array[0, 6].Select(Object);

    [Fact]
    public void A_whole_answer_in_any_pieces() =>
        Gen.Select(Answer, Gen.Int[1, 9]).Sample((answer, step) =>
        {
            var reader = Feed(Encoding.UTF8.GetBytes(answer!.ToJsonString()), step, isStream: false);
            Same(Expected(answer), reader);
        });

    [Fact]
    public void A_stream_in_any_pieces() =>
        Gen.Select(Answer.Array[1, 4], Gen.Int[1, 9], Any("\n", "\r\n", "\r")).Sample((events, step, end) =>
        {
            var stream = string.Concat(events.Select(one => $"event: x{end}data: {one!.ToJsonString()}{end}{end}"));
            var expected = new Expectation();
            foreach (var one in events)
            {
                expected = expected.Then(Expected(one));
            }

            Same(expected, Feed(Encoding.UTF8.GetBytes(stream), step, isStream: true));
        });

    [Fact]
    public void Any_bytes_do_no_harm() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 200], Any((byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)'"', (byte)'\\', (byte)',', (byte)'1', (byte)'\n').Array[0, 200]), Gen.Bool)
            .Sample((bytes, isStream) =>
            {
                var whole = Feed(bytes, bytes.Length + 1, isStream);
                var single = Feed(bytes, 1, isStream);
                return whole.HasInput == single.HasInput && whole.Usage == single.Usage;
            });

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static JsonNode? Object((string Name, JsonNode? Value)[] members)
    {
        var made = new JsonObject();
        foreach (var (name, value) in members)
        {
            made[name] = value?.DeepClone();
        }

        return made;
    }

    private static UsageReader Feed(byte[] bytes, int step, bool isStream)
    {
        var reader = new UsageReader(isStream);
        for (var at = 0; at < bytes.Length; at += step)
        {
            reader.Feed(bytes.AsSpan(at, Math.Min(step, bytes.Length - at)));
        }

        return reader;
    }

    private static void Same(Expectation expected, UsageReader reader)
    {
        Assert.Equal(expected.Input is not null, reader.HasInput);
        var write = expected.Write ?? 0;
        Assert.Equal(
            new TokenUsage(expected.Input ?? 0, expected.Read ?? 0, write, expected.Write1h is { } hour ? Math.Min(hour, write) : null, expected.Output ?? 0),
            reader.Usage);
    }

    // The members in their order: message's usage and the top's update each other as they come.
    private static Expectation Expected(JsonNode? answer)
    {
        var found = new Expectation();
        foreach (var (name, value) in (JsonObject)answer!)
        {
            found = (name, value) switch
            {
                ("usage", JsonObject usage) => found.Then(Of(usage)),
                ("message", JsonObject message) => message.Aggregate(found, static (so, member) => member is { Key: "usage", Value: JsonObject usage } ? so.Then(Of(usage)) : so),
                _ => found,
            };
        }

        return found;
    }

    private static Expectation Of(JsonObject usage) => new(
        Whole(usage["input_tokens"]),
        Whole(usage["cache_read_input_tokens"]),
        Whole(usage["cache_creation_input_tokens"]),
        usage["cache_creation"] is JsonObject creation ? Whole(creation["ephemeral_1h_input_tokens"]) : null,
        Whole(usage["output_tokens"]));

    private static int? Whole(JsonNode? node) =>
        node is JsonValue value && int.TryParse(value.ToJsonString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record Expectation(int? Input = null, int? Read = null, int? Write = null, int? Write1h = null, int? Output = null)
    {
        public Expectation Then(Expectation later) =>
            new(later.Input ?? Input, later.Read ?? Read, later.Write ?? Write, later.Write1h ?? Write1h, later.Output ?? Output);
    }
}
