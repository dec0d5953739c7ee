using System.Text;

namespace Tuppence.Upstreams.Credentials.Cloud;

/// <summary>What a token or metadata endpoint answered.</summary>
/// <param name="Status">HTTP status; 0 where there was no answer.</param>
/// <param name="Body">The body, at most 1 MB.</param>
/// <param name="Fault">Why there was no answer, or null.</param>
public sealed record WebAnswer(int Status, byte[] Body, string? Fault)
{
    /// <summary>Whether the request was served.</summary>
    public bool IsOk => Status is >= 200 and < 300;

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>What went wrong, without the body: it may hold a secret.</summary>
    public string Explain(Uri url) => Fault is null ? $"{url.Authority} answered with status {Status}" : $"{url.Authority} cannot be reached: {Fault}";
}
