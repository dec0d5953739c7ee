namespace Tuppence.Accounting;

/// <summary>Puts the request's id into each line that is logged of it: at the end for people, as <c>RequestId</c> for programs.</summary>
/// <param name="log">Where lines go.</param>
/// <param name="id">The id.</param>
internal sealed class RequestLog(ILogger log, string id) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (log.IsEnabled(logLevel))
        {
            var line = new RequestLine(id, formatter(state, exception), state as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            log.Log(logLevel, eventId, line, exception, static (line, _) => line.ToString());
        }
    }
}
