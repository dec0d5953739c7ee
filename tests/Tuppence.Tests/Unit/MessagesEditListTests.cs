using System.Text;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;

namespace Tuppence.Tests.Unit;

public sealed class MessagesEditListTests
{
    private static readonly EditContext Context = new("2023-06-01");
    private static readonly EditList Alias = new EditSettings
    {
        ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["claude-opus-4-8"] = "claude-opus-5-5" },
    }.Compile();

    [Fact]
    public void Without_settings_there_are_no_edits()
    {
        var edits = new EditSettings().Compile();
        Assert.True(edits.IsEmpty);
        using var outcome = edits.Apply("not json"u8.ToArray(), Context);
        Assert.Null(outcome.Fault);
        Assert.False(outcome.Changed);
        Assert.Equal(8, outcome.Length);
    }

    [Theory]
    [InlineData("""{"model":"claude-sonnet-5","temperature":1.0,"messages":[]}""")]
    [InlineData("""{"model":"claude-opus-4-8", not json""")]
    public void A_body_whose_model_is_no_alias_passes_as_it_is_even_malformed(string json)
    {
        using var outcome = Alias.Apply(Encoding.UTF8.GetBytes(json), Context);
        Assert.Null(outcome.Fault);
        Assert.False(outcome.Changed);
        Assert.Empty(outcome.Applied);
    }

    [Fact]
    public void A_malformed_body_that_an_edit_needs_is_a_fault()
    {
        var edits = new EditSettings { StripCacheTtl = true }.Compile();
        using var outcome = edits.Apply("{\"a\":}"u8.ToArray(), Context);
        Assert.NotNull(outcome.Fault);
        Assert.Null(outcome.Fault.Rule);
        Assert.Equal(5, outcome.Fault.Position);
    }

    [Fact]
    public void An_edit_that_cannot_be_applied_is_a_fault_with_its_name()
    {
        var edits = new EditSettings { Preamble = "First." }.Compile();
        using var outcome = edits.Apply("{\"system\":7}"u8.ToArray(), Context);
        Assert.Equal("preamble", outcome.Fault?.Rule);
        Assert.Contains("string or an array", outcome.Fault!.Message, StringComparison.Ordinal);
        Assert.False(outcome.Changed);
    }

    [Fact]
    public void The_outcome_names_the_model_that_is_sent()
    {
        using var outcome = Alias.Apply("""{"model":"claude-opus-4-8"}"""u8.ToArray(), Context);
        Assert.Equal("claude-opus-5-5", outcome.Model);
    }

    [Fact]
    public void An_outcome_cannot_be_copied_after_its_index_went_back()
    {
        var outcome = Alias.Apply("""{"model":"claude-opus-4-8"}"""u8.ToArray(), Context);
        outcome.Dispose();
        Assert.Throws<ObjectDisposedException>(() => outcome.CopyTo(new byte[outcome.Length]));
    }

    [Fact]
    public void One_list_serves_many_threads_and_open_outcomes()
    {
        var wanted = "{\"model\":\"claude-opus-5-5\"}";
        Parallel.For(0, 64, _ =>
        {
            using var first = Alias.Apply("""{"model":"claude-opus-4-8"}"""u8.ToArray(), Context);
            using var second = Alias.Apply("""{"model":"claude-opus-4-8"}"""u8.ToArray(), Context);
            foreach (var outcome in (EditOutcome[])[first, second])
            {
                var output = new byte[outcome.Length];
                outcome.CopyTo(output);
                Assert.Equal(wanted, Encoding.UTF8.GetString(output));
            }
        });
    }

    [Fact]
    public void Steady_editing_allocates_less_than_2_KB_however_long_the_body()
    {
        var edits = new EditSettings { Preamble = "First.", StripCacheTtl = true, SamplingFilter = SamplingFilterMode.On }.Compile();
        var text = new string('x', 500);
        var messages = string.Join(",", Enumerable.Range(0, 400).Select(i => $$"""{"role":"user","content":[{"type":"text","text":"{{text}}"}]}"""));
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","temperature":1,"cache_control":{"type":"ephemeral","ttl":"1h"},"messages":[{{messages}}]}""");
        var output = new byte[body.Length + 1000];
        long Once()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var outcome = edits.Apply(body, Context);
            outcome.CopyTo(output);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Once();
        Assert.InRange(Enumerable.Range(0, 5).Min(_ => Once()), 1, 2048);
    }

    [Fact]
    public void Applied_edits_are_a_structured_list_in_ASCII() =>
        Assert.Equal(
            "preset:story;did=\"system, suffix\", preamble, \"a b\";did=\"say \\\"x\\\\\\\"\", model-alias;did=%\"caf%c3%a9 %25\"",
            AppliedEdit.WriteHeaderValue([new("preset:story", "system, suffix"), new("preamble", ""), new("a b", "say \"x\\\""), new("model-alias", "café %")]));

    [Fact]
    public void Splices_can_be_shown()
    {
        using var outcome = Alias.Apply("""{"model":"claude-opus-4-8"}"""u8.ToArray(), Context);
        var splice = Assert.Single(outcome.Splices.ToArray());
        Assert.Equal(new ByteRange(9, 26), splice.Range);
        Assert.Equal("\"claude-opus-5-5\"", Encoding.UTF8.GetString(splice.Insert.Span));
    }
}
