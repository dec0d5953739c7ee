namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>A request that the program sent to the self-test's listener.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="UserAgent">The <c>User-Agent</c>; empty where there is none.</param>
/// <param name="Body">The body.</param>
internal sealed record SelfTestRequest(string Method, string Target, string UserAgent, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether it asks for an answer of the model.</summary>
    public bool IsMessage => Method == "POST" && Target.Split('?')[0] == "/v1/messages";
}
