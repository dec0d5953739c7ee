using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Configuration;
using Tuppence.Telemetry;

namespace Tuppence.Tests.Unit.Telemetry;

public sealed class LineLoggerTests : IDisposable
{
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly LineLoggerProvider provider;
    private readonly ILoggerFactory factory;

    public LineLoggerTests()
    {
        provider = new LineLoggerProvider(output, new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 17, 50, 48, 123, TimeSpan.Zero)), LogVerbosity.Info);
        factory = LoggerFactory.Create(logging => logging.UseLines(provider));
    }

    public void Dispose()
    {
        factory.Dispose();
        provider.Dispose();
        output.Dispose();
    }

    [Fact]
    public void A_line_has_time_level_category_and_message()
    {
        factory.CreateLogger("Tuppence.Exchange.Relay").Log(LogLevel.Warning, default, 3, null, (count, _) => $"{count} retries");
        Assert.Equal("2026-11-22T17:50:48.123Z WARN  Relay  3 retries\n", output.ToString());
    }

    [Fact]
    public void A_message_cannot_forge_a_second_line()
    {
        factory.CreateLogger("A").Log(LogLevel.Information, default, "x\r\n2026 ERROR \u001b[31m\u2028\u0085é😀", null, (text, _) => text);
        Assert.Equal("2026-11-22T17:50:48.123Z INFO  A  x\\r\\n2026 ERROR \\u001b[31m\\u2028\\u0085é😀\n", output.ToString());
    }

    [Theory]
    [InlineData(LogVerbosity.Trace, "TRACE DEBUG INFO WARN ERROR ERROR")]
    [InlineData(LogVerbosity.Info, "INFO WARN ERROR ERROR")]
    [InlineData(LogVerbosity.Error, "ERROR ERROR")]
    public void The_level_may_change_at_any_time(LogVerbosity level, string written)
    {
        var logger = factory.CreateLogger("A");
        provider.Level = level;
        foreach (var severity in Enum.GetValues<LogLevel>())
        {
            logger.Log(severity, default, "m", null, (text, _) => text);
        }

        Assert.Equal(level, provider.Level);
        Assert.Equal(written, string.Join(' ', output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1])));
    }

    [Theory]
    [InlineData(LogVerbosity.Trace, LogLevel.Trace)]
    [InlineData(LogVerbosity.Debug, LogLevel.Information)]
    [InlineData(LogVerbosity.Info, LogLevel.Warning)]
    [InlineData(LogVerbosity.Warn, LogLevel.Error)]
    [InlineData(LogVerbosity.Error, LogLevel.Error)]
    public void The_framework_is_one_level_quieter(LogVerbosity level, LogLevel least)
    {
        provider.Level = level;
        var logger = factory.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
        Assert.Equal(Enum.GetValues<LogLevel>().Where(one => one >= least && one != LogLevel.None), Enum.GetValues<LogLevel>().Where(logger.IsEnabled));
    }

    [Fact]
    public void An_exception_is_on_the_line_and_its_stack_only_for_those_who_look_closely()
    {
        var failure = Assert.Throws<InvalidOperationException>((Action)(() => throw new InvalidOperationException("broken\npipe")));
        factory.CreateLogger("A").Log(LogLevel.Error, default, "failed", failure, (text, _) => text);
        Assert.EndsWith("ERROR A  failed | InvalidOperationException: broken\\npipe\n", output.ToString(), StringComparison.Ordinal);

        provider.Level = LogVerbosity.Debug;
        factory.CreateLogger("A").Log(LogLevel.Error, default, "failed", failure, (text, _) => text);
        Assert.Contains("\\n   at ", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, output.ToString().Count(c => c == '\n'));
    }

    [Fact]
    public void What_is_not_written_allocates_nothing()
    {
        var logger = factory.CreateLogger("A");
        Step(logger, 1, null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Step(logger, i, null);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static readonly Action<ILogger, int, Exception?> Step = LoggerMessage.Define<int>(LogLevel.Debug, new EventId(1), "step {Number}");
}
