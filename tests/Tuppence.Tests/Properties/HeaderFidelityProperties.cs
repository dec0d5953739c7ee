using CsCheck;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Properties;

/// <summary>Header lines arrive as the same multiset in both directions: repeated, Latin-1, oddly named, empty. What does not pass is P8's business.</summary>
public sealed class HeaderFidelityProperties
{
    private static readonly string[] Usual =
    [
        "anthropic-beta", "Anthropic-Version", "x-stainless-lang", "X-Stainless-OS", "request-id", "ACCEPT", "Accept-Encoding", "user-agent", "Cache-Control", "ETag", "Vary",
        "anthropic-ratelimit-tokens-remaining", "Retry-After", "Warning", "Pragma", "Link", "X-Request-ID", "Server", "Alt-Svc", "Content-Language", "traceparent",
    ];

    private static readonly Gen<string> Name = Gen.OneOf(
        OddBytes.Pick(Usual),
        Gen.String[Gen.Char["!#$%&'*+-.^_`|~abcXYZ019"], 1, 20].Select(static name => "x-" + name));

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.Const(""),
        Gen.String[Gen.Char['!', '~'], 1, 60],
        Gen.String[Gen.Char['\u00a1', '\u00ff'], 1, 20],
        Gen.Select(Gen.String[Gen.Char["aé \t,;\"="], 0, 20], static text => "v" + text + "v"));

    private static readonly Gen<(string Name, string Value)[]> Lines = Gen.Select(Name, Value).Array[0, 30];

    [Fact]
    public async Task Up_and_down()
    {
        (string Name, string Value)[] down = [];
        await using var upstream = ScriptedUpstream.Start(call => call.AnswerAsync(200, "{}", Write(down)));
        await using var gateway = await TestGateway.StartAsync(upstream);

        await Gen.Select(Lines, Lines).SampleAsync(
            async (sent, answered) =>
            {
                down = answered;
                var before = upstream.Calls.Count;

                var answer = await gateway.SendAsync(RawClient.Post("/v1/messages", "{}", Write(sent)));

                Assert.Equal(200, answer.Status);
                Assert.Equal(Sorted(sent), Sorted(upstream.Calls[before].Headers.Where(static line => line.Name.ToLowerInvariant() is not ("host" or "content-length" or "content-type"))));
                Assert.Equal(Sorted(answered), Sorted(answer.Headers.Where(static line => line.Name.ToLowerInvariant() is not ("date" or "connection" or "content-length" or "content-type" or "x-tuppence-request-id"))));
            },
            iter: 200,
            threads: 1);
    }

    private static string Write(IEnumerable<(string Name, string Value)> lines) => string.Concat(lines.Select(static line => $"{line.Name}: {line.Value}\r\n"));

    private static string Sorted(IEnumerable<(string Name, string Value)> lines) =>
        string.Join('\n', lines.Select(static line => $"{line.Name.ToLowerInvariant()}: {line.Value}").Order(StringComparer.Ordinal));
}
