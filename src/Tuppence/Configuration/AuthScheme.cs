namespace Tuppence.Configuration;

/// <summary>Header that carries an upstream's credential.</summary>
public enum AuthScheme
{
    /// <summary><c>x-api-key: KEY</c>.</summary>
    XApiKey,

    /// <summary><c>Authorization: Bearer KEY</c> (RFC 6750).</summary>
    Bearer,

    /// <summary><c>api-key: KEY</c>, as Azure's services have it.</summary>
    ApiKey,
}
