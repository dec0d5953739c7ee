using System.Text;
using CsCheck;
using Tuppence.Messages.Edits;
using Tuppence.Tests.Properties;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P17 over real sockets: what a preset puts in is all that differs. The splicer itself is tested in <c>MessagesEditProperties</c>.</summary>
public sealed class P17_Bytes_outside_edits_stay
{
    [Fact]
    public async Task Without_what_the_preset_put_in_the_body_is_the_clients()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, presets: ("p", """{"system":"TOLD-BY-PRESET","suffix":"ASKED-BY-PRESET"}"""));

        await Gen.Int.SampleAsync(
            async seed =>
            {
                var body = Latin(OddBytes.Conversation(seed));
                var before = upstream.Calls.Count;

                var answer = await gateway.SendAsync(RawClient.PostBytes("/v1/p/messages", body));

                Assert.Equal(200, answer.Status);
                var sent = Encoding.Latin1.GetString(upstream.Calls[before].Body);
                Assert.Equal(body, sent.Replace(Block("TOLD-BY-PRESET"), "", StringComparison.Ordinal).Replace(Message("ASKED-BY-PRESET"), "", StringComparison.Ordinal));
                Assert.True(sent.Length > body.Length);
            },
            iter: 150,
            threads: 1);

        static string Block(string text) => ",{\"type\":\"text\",\"text\":\"" + text + "\"}";
        static string Message(string text) => ",{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
    }

    [Fact]
    public async Task A_dry_run_shows_exactly_the_bytes_that_are_sent_whatever_the_edits()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(
            upstream,
            static config => config with { FilterSamplingParams = SamplingFilterMode.On, Preamble = "First.", ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["alias"] = "claude-sonnet-4-5" } },
            presets: ("p", """{"system":"A","suffix":"B","suffixEt":"C","temperature":0.5,"max_tokens":77}"""));

        await Gen.Int.SampleAsync(
            async seed =>
            {
                var body = Latin(MessagesBodies.Write(seed));
                var before = upstream.Calls.Count;

                var shown = await gateway.SendAsync(RawClient.PostBytes("/v1/p/messages?dry-run=true", body));
                Assert.Equal(before, upstream.Calls.Count);
                var answer = await gateway.SendAsync(RawClient.PostBytes("/v1/p/messages", body));

                Assert.Equal(shown.Status, answer.Status);
                Assert.Equal(shown["x-tuppence-edits"], answer["x-tuppence-edits"]);
                if (answer.Status == 200)
                {
                    Assert.Equal(shown.Body, upstream.Calls[before].Body);
                }
            },
            iter: 150,
            threads: 1);
    }

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
