namespace Tuppence.Upstreams.Credentials;

/// <summary>A credential, or the reason there is none, in words for people.</summary>
/// <param name="Secret">The credential, or null.</param>
/// <param name="Problem">What is wrong and what to do; null where there is a credential. Never holds the secret.</param>
public readonly record struct CredentialResult(Secret? Secret, string? Problem);
