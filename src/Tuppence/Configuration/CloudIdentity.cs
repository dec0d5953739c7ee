namespace Tuppence.Configuration;

/// <summary>A cloud's own way of finding credentials on this machine.</summary>
public enum CloudIdentity
{
    /// <summary>None: a key, a sign-in or the client's own credential.</summary>
    None,

    /// <summary>The AWS chain: environment, shared profile, web identity, container and instance roles. Requests are signed (SigV4).</summary>
    Aws,

    /// <summary>Google's Application Default Credentials.</summary>
    Google,

    /// <summary>Azure's default chain: environment, workload identity, managed identity, the Azure CLI.</summary>
    Azure,
}
