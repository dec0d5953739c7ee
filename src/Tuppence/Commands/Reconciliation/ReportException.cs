namespace Tuppence.Commands.Reconciliation;

/// <summary>The report cannot be had; the message says why, for people.</summary>
internal sealed class ReportException(string message) : Exception(message);
