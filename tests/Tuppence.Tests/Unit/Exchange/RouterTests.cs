using Tuppence.Exchange;

namespace Tuppence.Tests.Unit.Exchange;

public sealed class RouterTests
{
    [Theory]
    // the forms of issue A and of SillyTavern's "Proxy Server URL"
    [InlineData("/v1/messages", "/v1/messages")]
    [InlineData("/v1/messages?beta=true", "/v1/messages?beta=true")]
    [InlineData("//messages", "/v1/messages")]
    [InlineData("/messages", "/v1/messages")]
    [InlineData("/v1//messages", "/v1/messages")]
    [InlineData("//v1//messages", "/v1/messages")]
    [InlineData("///messages?beta=true", "/v1/messages?beta=true")]
    [InlineData("/v1/v1/messages", "/v1/messages")]
    [InlineData("/v1/messages/", "/v1/messages")]
    [InlineData("/v1/messages//", "/v1/messages")]
    [InlineData("/v1/messages?", "/v1/messages?")]
    [InlineData("http://localhost:42069/v1/messages", "/v1/messages")]
    [InlineData("http://localhost:42069//messages?x=%20", "/v1/messages?x=%20")]
    public void Messages_in_every_form_that_front_ends_send(string target, string upstream) =>
        Assert.Equal(new Route(Surface.Messages, upstream), Match(target));

    [Theory]
    [InlineData("/v1/story/messages", "story", "/v1/messages")]
    [InlineData("/v1/story//messages?beta=true", "story", "/v1/messages?beta=true")]
    [InlineData("/v1/story/v1/messages", "story", "/v1/messages")]
    [InlineData("/v1//story/messages", "story", "/v1/messages")]
    [InlineData("/v1/M%C3%A4rchen%20eins/messages", "Märchen eins", "/v1/messages")]
    public void A_preset_stands_before_messages(string target, string preset, string upstream) =>
        Assert.Equal(new Route(Surface.Messages, upstream, preset), Match(target));

    [Theory]
    [InlineData("/v1/messages/count_tokens", null)]
    [InlineData("//messages/count_tokens", null)]
    [InlineData("/v1/story/messages/count_tokens", "story")]
    [InlineData("/v1/story/v1/messages/count_tokens", "story")]
    public void Counting_is_shaped_like_what_it_counts(string target, string? preset) =>
        Assert.Equal(new Route(Surface.CountTokens, "/v1/messages/count_tokens", preset), Match(target));

    [Theory]
    [InlineData("?dry-run=true", "")]
    [InlineData("?dry-run", "")]
    [InlineData("?dry-run=1&beta=true", "?beta=true")]
    [InlineData("?beta=true&dry-run=true", "?beta=true")]
    [InlineData("?a&dry-run=true&b=", "?a&b=")]
    public void A_dry_run_is_taken_out_of_the_query(string query, string left) =>
        Assert.Equal(new Route(Surface.Messages, "/v1/messages" + left, null, true), Match("/v1/messages" + query));

    [Theory]
    [InlineData("?dry-run=false")]
    [InlineData("?xdry-run=true")]
    [InlineData("?a=dry-run")]
    public void What_only_looks_like_a_dry_run_is_sent(string query) =>
        Assert.Equal(new Route(Surface.Messages, "/v1/messages" + query), Match("/v1/messages" + query));

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/claude-x?y=%2F")]
    [InlineData("/v1/files//a%2fb?limit=2")]
    [InlineData("/v1/messages/batches")]
    [InlineData("/v1/messages/batches/id/results")]
    [InlineData("/v1/complete")]
    [InlineData("/v1/to/come;x=y")]
    [InlineData("/api/event_logging/batch")]
    public void Everything_else_goes_on_byte_for_byte(string target) => Assert.Equal(new Route(Surface.Relay, target), Match(target));

    [Theory]
    [InlineData("//messages/batches?limit=1", "/v1/messages/batches?limit=1")]
    [InlineData("/messages/batches/a%2fb/cancel", "/v1/messages/batches/a%2fb/cancel")]
    [InlineData("/v1//messages/batches", "/v1/messages/batches")]
    public void Batches_get_their_beginning_put_right(string target, string upstream) => Assert.Equal(new Route(Surface.Relay, upstream), Match(target));

    [Theory]
    [InlineData("/v1/story/models", "story")]
    [InlineData("/v1/story/v1/models", "story")]
    public void A_front_end_that_was_given_a_preset_URL_can_list_models(string target, string preset) =>
        Assert.Equal(new Route(Surface.Relay, "/v1/models", preset), Match(target));

    [Theory]
    [InlineData("/", Surface.FrontPage)]
    [InlineData("/?x=1", Surface.FrontPage)]
    [InlineData("/health", Surface.Health)]
    [InlineData("/health?x", Surface.Health)]
    [InlineData("/favicon.ico", Surface.Asset)]
    [InlineData("/docs/sillytavern", Surface.Docs)]
    [InlineData("http://localhost", Surface.FrontPage)]
    public void Our_own_pages(string target, Surface surface) => Assert.Equal(surface, Match(target).Surface);

    [Theory]
    [InlineData("/v1/../messages")]
    [InlineData("/v1/./messages")]
    [InlineData("/..")]
    [InlineData("/v1/%2e%2E/x")]
    [InlineData("/v1/.%2e/messages")]
    [InlineData("/v1/%2e")]
    [InlineData("/v1/..%2f../x")]
    [InlineData("/v1/..\\x")]
    [InlineData("/v1/%2e%2e%5cx/y")]
    [InlineData("*")]
    [InlineData("v1/messages")]
    public void Dot_segments_and_what_is_no_path_are_refused(string target)
    {
        Assert.False(Router.TryMatch(target, out _, out var error));
        Assert.Equal(ErrorKind.BadTarget, error.Kind);
    }

    [Theory]
    [InlineData("/v1/...")]
    [InlineData("/v1/..x/y")]
    [InlineData("/v1/x?p=../..")]
    public void Dots_that_lead_nowhere_pass(string target) => Assert.Equal(new Route(Surface.Relay, target), Match(target));

    private static Route Match(string target)
    {
        Assert.True(Router.TryMatch(target, out var route, out var error), error?.Message);
        return route;
    }
}
