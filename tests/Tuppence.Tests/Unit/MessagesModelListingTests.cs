using System.Text;
using System.Text.Json;
using Tuppence.Messages.Models;

namespace Tuppence.Tests.Unit;

public sealed class MessagesModelListingTests
{
    [Fact]
    public void Entries_keep_their_bytes()
    {
        Assert.True(ModelListing.TryRead(Encoding.UTF8.GetBytes("""{"data":[ {"id":"a" , "x":1e400}, 5, {"name":"b"}, {"id":"c"}],"has_more":true}"""), out var entries));

        Assert.Equal(["a", "c"], entries.Select(static entry => entry.Id), StringComparer.Ordinal);
        Assert.Equal(
            """{"data":[{"id":"a" , "x":1e400},{"id":"c"}],"has_more":false,"first_id":"a","last_id":"c"}""",
            Encoding.UTF8.GetString(ModelListing.Write(entries).Span));
    }

    [Theory, InlineData("{}"), InlineData("[]"), InlineData("""{"data":{}}"""), InlineData("""{"data":[{"id":"a"]}"""), InlineData("""{"data":[]} x"""), InlineData("<html>")]
    public void What_is_no_list_is_told(string body) => Assert.False(ModelListing.TryRead(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void An_alias_shows_what_is_known_of_its_model()
    {
        Assert.True(ModelListing.TryRead(Encoding.UTF8.GetBytes("""{"data":[{"type":"model","id":"claude-x","display_name":"X","max_tokens":7}]}"""), out var entries));

        using var known = JsonDocument.Parse(ModelListing.Alias("gpt-4o", "claude-x", entries[0]).Json);
        using var unknown = JsonDocument.Parse(ModelListing.Alias("gpt-4o", "claude-y", null).Json);

        Assert.Equal(("gpt-4o", "gpt-4o (claude-x)", 7), (known.RootElement.GetProperty("id").GetString(), known.RootElement.GetProperty("display_name").GetString(), known.RootElement.GetProperty("max_tokens").GetInt32()));
        Assert.Equal(("gpt-4o", "model"), (unknown.RootElement.GetProperty("id").GetString(), unknown.RootElement.GetProperty("type").GetString()));
    }

    [Fact]
    public void A_list_of_nothing_is_one_too() =>
        Assert.Equal("""{"data":[],"has_more":false,"first_id":null,"last_id":null}""", Encoding.UTF8.GetString(ModelListing.Write([]).Span));
}
