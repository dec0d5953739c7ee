using System.Text.Encodings.Web;
using Tuppence.ClaudeCode;
using Tuppence.Configuration;
using Tuppence.Exchange;

namespace Tuppence.Endpoints;

/// <summary>What the pages under <c>/auth/</c> say of the upstream <c>claude-code</c>: the one command to run, and nothing that could be done here.</summary>
internal static class ProgramSignIn
{
    /// <summary>True where a form asks about that upstream and it is on.</summary>
    public static bool IsMeant(Gateway gateway, string upstream) => gateway.ClaudeCode is not null && upstream == ClaudeCodeConfig.Upstream;

    /// <summary>Answers a form that would sign in or out: with the command to run.</summary>
    public static Task AnswerAsync(HttpContext context, Gateway gateway, bool login) => SignInPages.WriteAsync(
        context,
        StatusCodes.Status200OK,
        login ? "Sign in to Claude Code" : "Sign out of Claude Code",
        SignInPages.Paragraph(ProgramWords.OwnAffair) + Code(login ? ProgramWords.Login(gateway.Config.ClaudeCode) : ProgramWords.Logout(gateway.Config.ClaudeCode)));

    /// <summary>The section of the page on which people choose where to sign in; empty where the upstream is off.</summary>
    public static string Section(Gateway gateway) => gateway.ClaudeCode is not { Report.Text: var text } ? "" :
        $"<section><h2>{ClaudeCodeConfig.Upstream}</h2>{SignInPages.Paragraph(char.ToUpperInvariant(text[0]) + text[1..])}{SignInPages.Paragraph(ProgramWords.OwnAffair)}{Code(ProgramWords.Login(gateway.Config.ClaudeCode))}</section>";

    /// <summary>The row of the page that tells who is signed in where; empty where the upstream is off.</summary>
    public static string Row(Gateway gateway) => gateway.ClaudeCode is not { Report.Text: var text } ? "" :
        $"<tr><th scope=\"row\">{ClaudeCodeConfig.Upstream}</th><td>{HtmlEncoder.Default.Encode(text)}<br>sign out with {Code(ProgramWords.Logout(gateway.Config.ClaudeCode))}</td></tr>";

    private static string Code(string command) => $"<code class=\"paste\">{HtmlEncoder.Default.Encode(command)}</code>";
}
