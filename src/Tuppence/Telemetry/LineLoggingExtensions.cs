namespace Tuppence.Telemetry;

/// <summary>Sets up logging by <see cref="LineLoggerProvider"/> alone.</summary>
public static class LineLoggingExtensions
{
    /// <summary>Takes out every other provider, and lets the provider itself decide on the level, which may change at any time.</summary>
    public static ILoggingBuilder UseLines(this ILoggingBuilder logging, LineLoggerProvider provider)
    {
        ArgumentNullException.ThrowIfNull(logging);
        return logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(provider);
    }
}
