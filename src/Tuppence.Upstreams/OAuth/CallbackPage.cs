using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Tuppence.Upstreams.OAuth;

/// <summary>What the browser shows when it comes back from the issuer: plain text in a plain page, whatever a server wrote.</summary>
/// <param name="Status">HTTP status, 200 to 599.</param>
/// <param name="Title">One short sentence.</param>
/// <param name="Text">What happened and what to do.</param>
public sealed record CallbackPage(int Status, string Title, string Text)
{
    private const string Style =
        ":root{color-scheme:light dark}body{font:16px/1.55 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem;overflow-wrap:anywhere}h1{font-size:1.4rem}";

    /// <summary>The policy that the page is sent with: it loads, runs and frames nothing; its one style is named by its hash.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Signed in.</summary>
    public static CallbackPage Success(string upstream, string account) => new(
        200, "You are signed in", $"Tuppence can use the upstream “{upstream}” now{(account.Length == 0 ? "" : $", as {account}")}. You can close this tab.");

    /// <summary>Not signed in.</summary>
    public static CallbackPage Of(SignInProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Kind switch
        {
            SignInProblemKind.Denied => new(403, "Signing in was declined", problem.Message),
            SignInProblemKind.WrongIssuer => new(400, "The answer came from another issuer", problem.Message),
            SignInProblemKind.Expired => new(410, "This sign-in is too old", problem.Message),
            SignInProblemKind.Cancelled => new(410, "This sign-in was given up", problem.Message),
            SignInProblemKind.IssuerError => new(502, "The issuer reports an error", problem.Message),
            SignInProblemKind.NotKept => new(500, "The sign-in could not be kept", problem.Message),
            _ => new(502, "Signing in did not work", problem.Message),
        };
    }

    /// <summary>An answer that belongs to no sign-in that is under way.</summary>
    public static CallbackPage WrongState { get; } = new(
        400, "This answer belongs to another sign-in", "Its “state” is not the one that Tuppence sent. Nothing was done. If you signed in just now, start again from Tuppence, and use the newest tab.");

    /// <summary>An answer that was already used.</summary>
    public static CallbackPage Replayed { get; } = new(
        409, "This answer was already used", "A sign-in is answered once; coming back or reloading the page does nothing. tuppence status tells how it ended.");

    /// <summary>Something else than the redirect URI was asked for.</summary>
    public static CallbackPage NotFound { get; } = new(404, "There is nothing here", "Tuppence listens here for the end of a sign-in, and for nothing else.");

    /// <summary>The whole HTTP/1.1 answer.</summary>
    public byte[] ToAnswer()
    {
        static string Html(string text) => HtmlEncoder.Default.Encode(text);
        var body = Encoding.UTF8.GetBytes(
            $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Tuppence: {Html(Title)}</title><style>{Style}</style></head>"
            + $"<body><h1>{Html(Title)}</h1><p>{Html(Text)}</p></body></html>\n");
        var head = $"HTTP/1.1 {Status} {(Status == 200 ? "OK" : "Not signed in")}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {body.Length}\r\n"
            + $"Cache-Control: no-store\r\nContent-Security-Policy: {Policy}\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
