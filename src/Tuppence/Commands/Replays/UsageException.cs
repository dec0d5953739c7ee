namespace Tuppence.Commands.Replays;

/// <summary>The command line says something that has no meaning. The message is for the person who typed it.</summary>
internal sealed class UsageException(string message) : Exception(message);
