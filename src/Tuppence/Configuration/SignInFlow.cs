namespace Tuppence.Configuration;

/// <summary>How a person signs in.</summary>
public enum SignInFlow
{
    /// <summary>In the browser where there is one, else with a code on another device.</summary>
    Auto,

    /// <summary>Authorization code with PKCE and a loopback redirect (RFC 8252).</summary>
    Browser,

    /// <summary>A code that is typed on another device (RFC 8628).</summary>
    Device,
}
