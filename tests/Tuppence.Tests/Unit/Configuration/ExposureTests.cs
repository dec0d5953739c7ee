namespace Tuppence.Tests.Unit.Configuration;

public sealed class ExposureTests : IDisposable
{
    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.168.1.5")]
    [InlineData("::ffff:10.0.0.1")]
    public void Beyond_loopback_it_does_not_start_without_a_key(string host)
    {
        var error = scene.Flag("--host", "host", host).OnlyError();
        Assert.Equal(("host", "--host"), (error.Key, error.Origin.ToString()));
        Assert.Contains("TUPPENCE_GATEWAY_KEYS", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public void On_loopback_it_starts_without_a_key(string host) => Assert.Equal(host, scene.Flag("--host", "host", host).Loaded().Config.Host);

    [Fact]
    public void Beyond_loopback_it_starts_with_a_key() =>
        Assert.Single(scene.Flag("--host", "host", "0.0.0.0").Variable("TUPPENCE_GATEWAY_KEYS", "0123456789abcdef").Loaded().Config.GatewayKeys);

    [Fact]
    public void In_a_container_the_default_is_every_address()
    {
        var loaded = scene.InContainer().Variable("TUPPENCE_GATEWAY_KEYS", "0123456789abcdef").Loaded();
        Assert.Equal(("0.0.0.0", "container"), (loaded.Config.Host, loaded.OriginOf("host").ToString()));
    }

    [Fact]
    public void In_a_container_without_a_key_the_remedy_is_named()
    {
        var error = scene.InContainer().OnlyError();
        Assert.Contains("the default inside a container", error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "127.0.0.1", 1)]
    [InlineData("0123456789abcdef", "0.0.0.0", 0)]
    public void In_a_shell_inside_a_container_it_takes_a_key_to_listen_beyond_loopback(string? key, string host, int warnings)
    {
        var loaded = scene.InContainer(declared: false).Variable("TUPPENCE_GATEWAY_KEYS", key ?? "").Loaded();
        Assert.Equal((host, warnings), (loaded.Config.Host, loaded.Warnings.Count));
    }

    [Fact]
    public void In_a_container_loopback_can_be_chosen() => Assert.Equal("127.0.0.1", scene.InContainer().Variable("TUPPENCE_HOST", "127.0.0.1").Loaded().Config.Host);

    [Fact]
    public void A_reload_cannot_take_the_keys_from_a_running_open_gateway()
    {
        var source = scene.File("""{ "host": "0.0.0.0", "gateway_keys": ["0123456789abcdef"] }""").Source();
        Assert.NotNull(source.Load().Loaded);

        // Harmless after a restart, but the host that runs stays open.
        scene.File("""{ "host": "127.0.0.1" }""");
        Assert.Equal("host", Assert.Single(source.Load().Errors).Key);
        Assert.Single(source.Current!.Config.GatewayKeys);
    }

    [Fact]
    public void A_short_key_and_a_key_on_the_command_line_are_warned_of() =>
        Assert.Equal(2, scene.Flag("--gateway-key", "gateway_keys", "short").Loaded().Warnings.Count);
}
