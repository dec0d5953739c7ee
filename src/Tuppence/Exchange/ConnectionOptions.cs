namespace Tuppence.Exchange;

/// <summary>The field names that <c>Connection</c> lists: they are meant for this hop alone (RFC 9110 section 7.6.1).</summary>
internal static class ConnectionOptions
{
    /// <summary>True where <paramref name="connection"/>, the value of a <c>Connection</c> line, names the field.</summary>
    public static bool Name(string? connection, string field)
    {
        // What nearly all say.
        if (connection is null or "close" or "keep-alive" or "Keep-Alive" or "Close")
        {
            return false;
        }

        foreach (var range in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan(range).Trim().Equals(field, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
