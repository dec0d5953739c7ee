namespace Tuppence.Messages.EventStream;

/// <summary>Why a provider's stream of events ended before its time.</summary>
/// <param name="Name">Name of the provider's exception, such as <c>throttlingException</c>; null where the bytes themselves are at fault.</param>
/// <param name="Message">The provider's own words, or what is wrong with the bytes.</param>
public sealed record StreamProblem(string? Name, string Message);
