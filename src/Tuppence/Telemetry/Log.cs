using Tuppence.Exchange;
using Tuppence.Upstreams.Http1;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Telemetry;

/// <summary>Everything that is logged, in one place. No line holds a header value or a query; bodies only where <c>log_bodies</c> asks for them.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Tuppence {Version} listens on {Url}")]
    public static partial void Listens(ILogger log, string version, string url);

    [LoggerMessage(2, LogLevel.Information, "Stopping: open answers get {Seconds:0} s to finish")]
    public static partial void Stopping(ILogger log, double seconds);

    [LoggerMessage(3, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(4, LogLevel.Information, "Configuration reloaded from {Source}")]
    public static partial void Reloaded(ILogger log, string source);

    [LoggerMessage(5, LogLevel.Error, "The changed configuration was not taken, the last good one stays: {Problem}")]
    public static partial void ReloadRefused(ILogger log, string problem);

    [LoggerMessage(6, LogLevel.Warning, "{Warning}")]
    public static partial void ConfigWarning(ILogger log, string warning);

    [LoggerMessage(7, LogLevel.Warning, "Preset {File} was not taken: {Problem}")]
    public static partial void PresetRefused(ILogger log, string file, string problem);

    [LoggerMessage(8, LogLevel.Debug, "Presets read: {Names}")]
    public static partial void PresetsRead(ILogger log, string names);

    [LoggerMessage(9, LogLevel.Warning, "Preset {Preset} names the upstream {Upstream}, which does not exist; its requests are refused")]
    public static partial void PresetWithoutUpstream(ILogger log, string preset, string upstream);

    [LoggerMessage(10, LogLevel.Information, "The upstream claude-code is on: your own Claude Code program, for you alone. Its provider's terms decide whether your plan may be used in this way")]
    public static partial void ClaudeCodeOn(ILogger log);

    [LoggerMessage(11, LogLevel.Information, "The upstream claude-code is {Text}")]
    public static partial void ClaudeCodeReady(ILogger log, string text);

    [LoggerMessage(12, LogLevel.Warning, "The upstream claude-code is {Text}")]
    public static partial void ClaudeCodeNotReady(ILogger log, string text);

    [LoggerMessage(13, LogLevel.Debug, "claude-code: {Words}")]
    public static partial void ClaudeCodeSays(ILogger log, string words);

    [LoggerMessage(20, LogLevel.Information, "{Method} {Path} {Status} {Upstream} {Milliseconds:0.0} ms")]
    public static partial void Answered(ILogger log, string method, string path, int status, string upstream, double milliseconds);

    [LoggerMessage(21, LogLevel.Information, "{Method} {Path} {Status} {Kind}: {Message}")]
    public static partial void Failed(ILogger log, string method, string path, int status, ErrorKind kind, string message);

    [LoggerMessage(22, LogLevel.Information, "{Method} {Path}: the client left; the upstream was cancelled")]
    public static partial void ClientLeft(ILogger log, string method, string path);

    [LoggerMessage(23, LogLevel.Warning, "{Upstream} broke off in the middle of an answer ({Kind}): {Detail}")]
    public static partial void BrokeOff(ILogger log, string upstream, FaultKind kind, string detail);

    [LoggerMessage(24, LogLevel.Information, "{Upstream} answered {Status}; retry {Number} in {Seconds:0.###} s")]
    public static partial void Retrying(ILogger log, string upstream, int status, int number, double seconds);

    [LoggerMessage(26, LogLevel.Warning, "{Upstream} did not serve the request ({Reason}); it goes on to {Next}")]
    public static partial void FallingBack(ILogger log, string upstream, string reason, string next);

    [LoggerMessage(27, LogLevel.Warning, "{Upstream} cannot take the request over: {Problem}")]
    public static partial void CannotTakeOver(ILogger log, string upstream, string problem);

    [LoggerMessage(28, LogLevel.Information, "{Upstream} refused its credential (401); it was fetched anew and the request is sent once more")]
    public static partial void Reauthorized(ILogger log, string upstream);

    [LoggerMessage(25, LogLevel.Error, "A bug in Tuppence; please report it")]
    public static partial void Bug(ILogger log, Exception exception);

    [LoggerMessage(32, LogLevel.Information, "Signed in for {Upstream} at {Issuer}")]
    public static partial void SignedIn(ILogger log, string upstream, string issuer);

    [LoggerMessage(33, LogLevel.Warning, "Not signed in for {Upstream} ({Kind}): {Problem}")]
    public static partial void NotSignedIn(ILogger log, string upstream, SignInProblemKind kind, string problem);

    [LoggerMessage(34, LogLevel.Information, "Signed out of {Upstream}")]
    public static partial void SignedOut(ILogger log, string upstream);

    [LoggerMessage(35, LogLevel.Warning, "Sign-in for {Upstream}: {Problem}")]
    public static partial void SignInTrouble(ILogger log, string upstream, string problem);

    [LoggerMessage(30, LogLevel.Trace, "Request body: {Body}")]
    public static partial void RequestBody(ILogger log, string body);

    [LoggerMessage(31, LogLevel.Trace, "Answer body: {Body}")]
    public static partial void AnswerBody(ILogger log, string body);

    [LoggerMessage(40, LogLevel.Debug, "Prompt cache, conversation {Lineage}: ${Dollars} for {Read} tokens read, {Hour} written for an hour, {Short} for five minutes, {Plain} neither; forecast ${Forecast}")]
    public static partial void CacheTurn(ILogger log, long lineage, string dollars, int read, int hour, int @short, int plain, string forecast);

    [LoggerMessage(EventId = 42, Message = "Prompt cache, conversation {Conversation}, {Account}")]
    public static partial void CacheAccount(ILogger log, LogLevel level, long conversation, string account);

    [LoggerMessage(43, LogLevel.Debug, "Waited {Milliseconds:0} ms for a request with the same beginning")]
    public static partial void FlightWaited(ILogger log, double milliseconds);

    [LoggerMessage(44, LogLevel.Information, "Pinged to keep conversation {Conversation} in the cache, {Number} in a row: {Read} tokens read, {Written} written, ${Dollars}; today ${Spent} of ${Budget}")]
    public static partial void Pinged(ILogger log, long conversation, int number, int read, int written, string dollars, string spent, string budget);

    [LoggerMessage(45, LogLevel.Warning, "The ping for conversation {Conversation} failed, so its cache is not kept: {Problem}")]
    public static partial void PingFailed(ILogger log, long conversation, string problem);

    [LoggerMessage(EventId = 46, Message = "Recording requests to {File}: {What}")]
    public static partial void Recording(ILogger log, LogLevel level, string file, string what);

    [LoggerMessage(47, LogLevel.Warning, "Nothing is recorded to {File}: {Problem}")]
    public static partial void RecordingFailed(ILogger log, string file, string problem);

    [LoggerMessage(48, LogLevel.Warning, "What was learned for the prompt cache is not kept: {Problem}")]
    public static partial void LearnedNotKept(ILogger log, string problem);

    [LoggerMessage(49, LogLevel.Warning, "What was learned for the prompt cache is learned anew: {Problem}")]
    public static partial void LearnedNotLoaded(ILogger log, string problem);

    [LoggerMessage(51, LogLevel.Warning, "Budgets count from this start on, for the ledger cannot be read: {Problem}")]
    public static partial void BudgetsNotRecalled(ILogger log, string problem);

    [LoggerMessage(52, LogLevel.Warning, "{Words}")]
    public static partial void BudgetReached(ILogger log, string words);

    [LoggerMessage(60, LogLevel.Error, "{Sink} failed to take a request; the request was not touched. This is a bug in Tuppence; please report it")]
    public static partial void SinkFailed(ILogger log, string sink, Exception exception);

    [LoggerMessage(50, LogLevel.Warning, "{Words}")]
    public static partial void Ledger(ILogger log, string words);

    [LoggerMessage(41, LogLevel.Error, "The prompt cache of a request could not be planned; the request was not touched. This is a bug in Tuppence; please report it")]
    public static partial void PlanFailed(ILogger log, Exception exception);

    /// <summary>A target without its query, which may hold what is nobody's business.</summary>
    public static string PathOf(string target) => target.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? target[..at] : target;

    [LoggerMessage(90, LogLevel.Warning, "The ledger cannot be read: {Problem}")]
    public static partial void LedgerUnread(ILogger log, string problem);
}
