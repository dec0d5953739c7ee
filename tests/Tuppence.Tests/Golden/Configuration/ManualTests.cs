using Tuppence.Configuration;
using Tuppence.Configuration.Catalogue;
using Tuppence.Tests.Unit.Configuration;

namespace Tuppence.Tests.Golden.Configuration;

public sealed class ManualTests : IDisposable
{
    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public void The_page_of_the_manual_is_current() => GoldenText.Matches(ManualPage.Write(), "docs", "guide", "configuration.md");

    [Fact]
    public void The_sample_file_is_current() => GoldenText.Matches(ManualPage.Sample(), "deploy", "tuppence.sample.json");

    [Fact]
    public void The_sample_file_changes_nothing_as_it_is()
    {
        var loaded = scene.File(ManualPage.Sample()).Loaded();
        Assert.Empty(loaded.Origins);
    }

    [Fact]
    public void Every_line_of_the_sample_is_right_without_its_slashes()
    {
        // Of the sources of a key, of a cloud instead of one, and of a secret, only one may stand.
        var uncommented = string.Join('\n', ManualPage.Sample().Split('\n').Select(Uncomment));
        var loaded = scene.File(uncommented).Variable("ANTHROPIC_API_KEY", "a-key").Loaded();

        Assert.All(GatewaySettings.All, setting => Assert.True(loaded.Origins.ContainsKey(setting.Key), setting.Key));
        Assert.Equal("https://llm.example/anthropic", loaded.Config.Upstreams["my-upstream"].Url);
        Assert.Equal(new GatewayConfig().Limits, loaded.Config.Limits);
        Assert.Equal(new GatewayConfig().Timeouts, loaded.Config.Timeouts);
    }

    [Fact]
    public void Keys_are_unique_and_told_in_sentences()
    {
        Assert.Distinct(GatewaySettings.All.Select(setting => setting.Variable), StringComparer.Ordinal);
        Assert.Distinct(UpstreamSettings.All.Select(setting => setting.Variable), StringComparer.Ordinal);
        Assert.Distinct(GatewaySettings.All.Where(setting => setting.Flag is not null).Select(setting => setting.Flag), StringComparer.Ordinal);
        Assert.All(GatewaySettings.All, setting => Assert.Matches("^[A-Z].*[.]$", setting.Summary));
        Assert.All(UpstreamSettings.All, setting => Assert.Matches("^[A-Z].*[.]$", setting.Summary));
        Assert.All(GatewaySettings.All, setting => Assert.Matches("^[a-z_]+([.][a-z_]+)?$", setting.Key));
    }

    // A line of a member, or of the braces of the example upstream; prose lines stay comments.
    private static string Uncomment(string line)
    {
        var content = line.TrimStart(' ', '/');
        var isMember = content.StartsWith('"') || content.StartsWith('}');
        return isMember && !OtherKeySources.Any(source => content.StartsWith(source, StringComparison.Ordinal)) ? content : line.TrimStart().StartsWith('{') ? line : "";
    }

    private static readonly string[] OtherKeySources = ["\"api_key\"", "\"api_key_file\"", "\"api_key_command\"", "\"cloud_identity\"", "\"client_secret_env\""];
}
