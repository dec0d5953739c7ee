using System.Text;
using Tuppence.Messages.Edits;

namespace Tuppence.Tests.Unit;

public sealed class MessagesPresetReaderTests
{
    [Fact]
    public void A_preset_is_read_whole()
    {
        var reading = Read("""
            {"description":"d","model":"claude-opus-5-5","system":"S","suffix":"x","suffixEt":"","max_tokens":9,
             "headers":{"Anthropic-Beta":"a","X-Team":"t"},"override":["max_tokens"]}
            """);
        Assert.Empty(reading.Errors);
        Assert.Equal("claude-opus-5-5", reading.Preset!.Model);
        Assert.Equal("max_tokens", Assert.Single(reading.Preset.Defaults));
        Assert.Equal([new("anthropic-beta", "a", HeaderEditKind.Append), new("x-team", "t", HeaderEditKind.Default)], reading.Preset.Headers);
    }

    [Fact]
    public void All_errors_come_at_once_with_path_and_line()
    {
        var reading = Read("""
            {"system":[{"type":"text"}],
             "sufix":"typo",
             "temperature":2,
             "headers":{"authorization":"x","a":"b\nc"},
             "override":["top_p"],
             "max_tokens":0,"max_tokens":5,
             "model":""}
            """);
        Assert.Null(reading.Preset);
        Assert.Equal(
            [("$.system[0]", 1), ("$.sufix", 2), ("$.temperature", 3), ("$.headers.authorization", 4), ("$.headers.a", 4), ("$.override", 5), ("$.max_tokens", 6), ("$.max_tokens", 6), ("$.model", 7)],
            reading.Errors.Select(e => (e.Path, e.Line)));
        Assert.Contains("\"sufix\" is not a member of a preset; known are description, model, upstream, cache, system, suffix", reading.Errors[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"system\":\"x\"", "The preset is not valid JSON")]
    [InlineData("{\"system\":7}", "$.system: must be a string or an array of text blocks.")]
    [InlineData("{\"suffix\":[]}", "$.suffix: must be a string.")]
    [InlineData("{\"top_k\":-1}", "$.top_k: must be a whole number of 0 or more.")]
    [InlineData("{\"stop_sequences\":[1]}", "$.stop_sequences: must be an array of strings.")]
    [InlineData("{\"thinking\":{}}", "$.thinking: must be an object with a \"type\".")]
    [InlineData("{\"headers\":{\"a b\":\"x\"}}", "$.headers.a b: is not a header name.")]
    public void An_error_says_what_is_wrong(string json, string message) =>
        Assert.StartsWith(message, Assert.Single(Read(json).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public void A_name_that_cannot_stand_in_a_path_is_refused(string name) =>
        Assert.Contains("rename the file", Assert.Single(PresetReader.Read(name, "{}"u8.ToArray()).Errors).Message, StringComparison.Ordinal);

    private static PresetReading Read(string json) => PresetReader.Read("p", Encoding.UTF8.GetBytes(json));
}
