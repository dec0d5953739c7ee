using Tuppence.Commands;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>
/// P37: a wrong configuration starts nothing, and one run tells everything that is wrong with it. The full texts are golden files of
/// <see cref="Golden.Configuration.ErrorReportTests"/>; here the program itself is run and its exit code read.
/// </summary>
public sealed class P37_All_configuration_errors_are_told_at_once
{
    [Theory]
    [InlineData]
    [InlineData("config", "--check")]
    public async Task The_program_ends_with_78_and_names_each_wrong_value(params string[] command)
    {
        var (exit, error) = await GatewayProcess.ExitCodeAsync([.. command, "--port", "70000", "--log-level", "loud", "--set", "timeouts.idle_seconds=-1", "--set", "limits.max_body_byte=1"]);

        Assert.Equal(ExitCode.Config, exit);
        Assert.All(
            new[] { "70000 is out of range", "Accepted: an integer from 0 to 65535", "log_level", "timeouts.idle_seconds", "limits.max_body_byte" },
            text => Assert.Contains(text, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_right_configuration_passes_the_check() => Assert.Equal(ExitCode.Success, (await GatewayProcess.ExitCodeAsync("config", "--check")).ExitCode);
}
