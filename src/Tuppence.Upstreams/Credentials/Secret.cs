namespace Tuppence.Upstreams.Credentials;

/// <summary>A value that must never reach a log, an error or a page. Its text form is always <c>***</c>.</summary>
/// <param name="value">The secret itself; only <see cref="Reveal"/> gives it back.</param>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The secret itself. Call it only where the value is put on the wire or compared.</summary>
    public string Reveal() => value;

    /// <summary>True where both hold the same text.</summary>
    public bool Equals(Secret? other) => other is not null && string.Equals(value, other.Reveal(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(value, StringComparison.Ordinal);

    /// <summary>Always <c>***</c>, so that a secret cannot be logged by accident.</summary>
    public override string ToString() => "***";
}
