namespace Tuppence.Commands.Replays;

/// <summary>A trace cannot be used. The message is for the person who named it.</summary>
internal sealed class TraceFileException(string message, Exception? inner = null) : Exception(message, inner);
