using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>How values of one type are read, described and shown.</summary>
internal abstract class ValueFormat<T>
{
    /// <summary>What is accepted, in words that follow "Accepted:".</summary>
    public abstract string Accepted { get; }

    /// <summary>Reads a value; where it is wrong, <paramref name="reading"/> has gained an error and the result is false.</summary>
    public abstract bool TryRead(ConfigNode node, Reading reading, out T value);

    /// <summary>The value as a person reads it; secrets are masked.</summary>
    public abstract string Show(T value);

    /// <summary>The value as JSON that the setting would accept again; secrets are masked.</summary>
    public abstract void Write(Utf8JsonWriter writer, T value);

    /// <summary>The words that are accepted where there are a few; null where there are more.</summary>
    public virtual IReadOnlyList<string>? Choices => null;

    /// <summary>Whether values are secrets as a whole.</summary>
    public virtual bool IsSecret => false;

    /// <summary>Whether <see cref="Show"/> and <see cref="Write"/> mask a part of the value, so that what they give is not what was written.</summary>
    public virtual bool Masks(T value) => false;

    /// <summary>Whether two values mean the same.</summary>
    public virtual bool Same(T left, T right) => EqualityComparer<T>.Default.Equals(left, right);
}
