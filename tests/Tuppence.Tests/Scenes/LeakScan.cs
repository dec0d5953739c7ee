using System.Text.RegularExpressions;
using Tuppence.Configuration;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Scenes;

/// <summary>P27 over the whole test run: whatever a gateway of any test logged is searched for credentials when the gateway ends.</summary>
public static partial class LeakScan
{
    /// <summary>Fails where <paramref name="log"/> holds a secret of <paramref name="config"/>, or anything of a credential's form.</summary>
    public static void Check(string log, GatewayConfig config)
    {
        foreach (var secret in SecretsOf(config))
        {
            Assert.False(log.Contains(secret.Reveal(), StringComparison.Ordinal), "The log holds a configured secret.");
        }

        // Bodies are logged only where the user asked for it, and hold what they hold.
        if (!config.LogBodies && CredentialForm().Match(log) is { Success: true } found)
        {
            Assert.Fail($"The log holds what looks like a credential: {found.Value}");
        }
    }

    // Short values are no secrets but words that stand in logs anyway.
    private static IEnumerable<Secret> SecretsOf(GatewayConfig config) =>
        config.GatewayKeys
            .Concat(config.Upstreams.Values.SelectMany(static upstream => new[] { upstream.ApiKey, upstream.ProxyCredentials, upstream.SignIn.ClientSecret }))
            .OfType<Secret>()
            .Where(static secret => secret.Reveal().Length >= 8);

    // Keys of Anthropic's form, a value behind an authorization scheme, a JSON Web Token (RFC 7519 section 3), an AWS signature.
    [GeneratedRegex(@"sk-ant-[A-Za-z0-9_-]{4,}|(Bearer|Basic) [A-Za-z0-9+/._~-]{8,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.|Signature=[0-9a-f]{16,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CredentialForm();
}
