using System.Collections;

namespace Tuppence.Accounting;

/// <summary>A log message of one request, with its values by name, the request's id first.</summary>
/// <param name="id">The id.</param>
/// <param name="message">The message.</param>
/// <param name="values">The values in it.</param>
internal sealed class RequestLine(string id, string message, IReadOnlyList<KeyValuePair<string, object?>> values) : IReadOnlyList<KeyValuePair<string, object?>>
{
    /// <summary>Name of the id among the values.</summary>
    public const string IdName = "RequestId";

    /// <inheritdoc/>
    public int Count => values.Count + 1;

    /// <summary>The message without the id.</summary>
    public string Message => message;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => index == 0 ? new(IdName, id) : values[index - 1];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.Prepend(this[0]).GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{message} [{id}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
