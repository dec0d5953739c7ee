using Microsoft.Extensions.Logging.Abstractions;
using Tuppence.Accounting;
using Tuppence.Configuration;

namespace Tuppence.Telemetry;

/// <summary>Writes each log message as one line, with a level that can change while the program runs.</summary>
/// <param name="writer">Where lines go; it must be safe for several threads.</param>
/// <param name="time">Clock of the lines.</param>
/// <param name="level">The least severe messages that are written.</param>
/// <param name="colors">Whether level names are colored.</param>
[ProviderAlias("Tuppence")]
public sealed class LineLoggerProvider(TextWriter writer, TimeProvider time, LogVerbosity level, bool colors = false) : ILoggerProvider
{
    private volatile int least = Severity(level);
    private volatile bool isJson;

    /// <summary>How lines are written; may be set at any time.</summary>
    public LogFormat Format
    {
        get => isJson ? LogFormat.Json : LogFormat.Text;
        set => isJson = value == LogFormat.Json;
    }

    /// <summary>The least severe messages that are written; may be set at any time.</summary>
    public LogVerbosity Level
    {
        get => (LogVerbosity)least;
        set => least = Severity(value);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        // The server quotes the line it refuses, and that line may hold a key.
        if (categoryName == "Microsoft.AspNetCore.Server.Kestrel.BadRequests")
        {
            return NullLogger.Instance;
        }

        var framework = categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) || categoryName.StartsWith("System.", StringComparison.Ordinal);
        return new LineLogger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..], framework);
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Flush();

    private static int Severity(LogVerbosity level) => (int)level;

    // LogLevel and LogVerbosity count alike from Trace = 0 to Error = 4. What the framework says is one step less interesting.
    private bool Writes(LogLevel severity, bool framework) =>
        severity != LogLevel.None && (int)severity >= least + (framework && least is > 0 and < (int)LogLevel.Error ? 1 : 0);

    private void Write<TState>(LogLevel severity, string category, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var withStack = least <= (int)LogLevel.Debug;
        if (isJson)
        {
            // There the id of a request has a member of its own.
            var message = state is RequestLine line ? line.Message : formatter(state, exception);
            writer.WriteLine(JsonLine.Compose(time.GetUtcNow(), severity, category, eventId, message, state as IReadOnlyList<KeyValuePair<string, object?>>, exception, withStack));
        }
        else
        {
            writer.WriteLine(LogLine.Compose(time.GetUtcNow(), severity, category, formatter(state, exception), exception, colors, withStack));
        }
    }

    private sealed class LineLogger(LineLoggerProvider provider, string category, bool framework) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => provider.Writes(logLevel, framework);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                provider.Write(logLevel, category, eventId, state, exception, formatter);
            }
        }
    }
}
