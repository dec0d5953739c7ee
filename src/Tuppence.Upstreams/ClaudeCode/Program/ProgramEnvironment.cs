namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>The program's environment: an allow-list of Tuppence's own, and the documented switches of its headless mode.</summary>
/// <remarks>
/// Nothing that begins with <c>ANTHROPIC</c> or <c>CLAUDE</c> is taken over. A base URL that leads to Tuppence would send each request round
/// and round, and keys and tokens in Tuppence's environment are not the program's business.
/// Sources: https://code.claude.com/docs/en/env-vars, https://code.claude.com/docs/en/headless (2026-08-22).
/// </remarks>
public static class ProgramEnvironment
{
    private static readonly string[] Passed =
    [
        "PATH", "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "SystemRoot", "TEMP", "TMP", "TMPDIR", "LANG",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
    ];

    /// <summary>Names of variables that say where things of the user are, or lead to the network: the self-test goes without them.</summary>
    private static readonly string[] OfTheUser =
    [
        "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    ];

    /// <summary>For answers.</summary>
    public static IReadOnlyDictionary<string, string> ForAnswers(ClaudeCodeOptions options)
    {
        var variables = Copy(options);
        // Updates belong to the user, not to a process that answers.
        variables["DISABLE_AUTOUPDATER"] = "1";
        variables["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        variables["DISABLE_TELEMETRY"] = "1";
        // A stream that breaks is an error, not a second request.
        variables["CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK"] = "1";
        variables["CLAUDE_CODE_MAX_RETRIES"] = "1";
        variables["API_TIMEOUT_MS"] = "600000";
        // The history is the client's, whole.
        variables["DISABLE_COMPACT"] = "1";
        variables["CLAUDE_CODE_DISABLE_ATTACHMENTS"] = "1";
        variables["ENABLE_CLAUDEAI_MCP_SERVERS"] = "false";
        variables["CLAUDE_AGENT_SDK_CLIENT_APP"] = options.ClientApp;
        // The client's tools reach the model under the client's names, all of them at once.
        variables["CLAUDE_AGENT_SDK_MCP_NO_PREFIX"] = "1";
        variables["ENABLE_TOOL_SEARCH"] = "false";
        return variables;
    }

    /// <summary>For the self-test alone: a home of its own, a key that is none, and Tuppence's own listener in place of the API.</summary>
    /// <param name="options">As for answers.</param>
    /// <param name="home">An empty folder that is thrown away afterwards.</param>
    /// <param name="listener">The listener's address.</param>
    public static IReadOnlyDictionary<string, string> ForSelfTest(ClaudeCodeOptions options, string home, Uri listener)
    {
        var variables = new Dictionary<string, string>(ForAnswers(options), StringComparer.Ordinal);
        foreach (var name in OfTheUser)
        {
            variables.Remove(name);
        }

        variables[OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME"] = home;
        if (OperatingSystem.IsWindows())
        {
            variables["APPDATA"] = variables["LOCALAPPDATA"] = home;
        }

        variables["ANTHROPIC_BASE_URL"] = listener.GetLeftPart(UriPartial.Authority);
        variables["ANTHROPIC_API_KEY"] = "tuppence-self-test-no-key";
        return variables;
    }

    /// <summary>For questions about the program itself: its version, whether somebody is signed in.</summary>
    public static IReadOnlyDictionary<string, string> ForQuestions(ClaudeCodeOptions options)
    {
        var variables = Copy(options);
        variables["DISABLE_AUTOUPDATER"] = "1";
        variables["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        variables["DISABLE_TELEMETRY"] = "1";
        return variables;
    }

    private static Dictionary<string, string> Copy(ClaudeCodeOptions options)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Passed)
        {
            if (options.Variables.TryGetValue(name, out var value) && value.Length > 0)
            {
                variables[name] = value;
            }
        }

        return variables;
    }
}
