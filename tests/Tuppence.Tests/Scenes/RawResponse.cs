using System.Text;

namespace Tuppence.Tests.Scenes;

/// <summary>An answer as it stood on the wire.</summary>
/// <param name="Status">Status code; 0 where the connection ended without an answer.</param>
/// <param name="Headers">Header lines in order.</param>
/// <param name="Body">Body without chunk framing.</param>
/// <param name="IsComplete">True where the framing said that the body is whole.</param>
public sealed record RawResponse(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, bool IsComplete)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? this[string name] => Headers.Where(line => line.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value).FirstOrDefault();
}
