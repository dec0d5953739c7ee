namespace Tuppence.Upstreams.Http1;

/// <summary>One header line as it stood on the wire: repeated names stay repeated.</summary>
/// <param name="Name">Field name in the sender's own casing.</param>
/// <param name="Value">Field value without surrounding white space; Latin-1 characters stand for their bytes (RFC 9110 section 5.5).</param>
public readonly record struct HeaderLine(string Name, string Value);
