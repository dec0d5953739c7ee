using System.Text;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials.Cloud;

/// <summary>Writes a form (application/x-www-form-urlencoded).</summary>
public static class Form
{
    /// <summary>Header lines of a request that sends a form and wants JSON.</summary>
    public static IReadOnlyList<HeaderLine> Headers { get; } =
        [new HeaderLine("content-type", "application/x-www-form-urlencoded"), new HeaderLine("accept", "application/json")];

    /// <summary>The pairs as UTF-8.</summary>
    public static byte[] Of(params (string Name, string Value)[] pairs) =>
        Encoding.ASCII.GetBytes(string.Join('&', pairs.Select(static pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}")));
}
