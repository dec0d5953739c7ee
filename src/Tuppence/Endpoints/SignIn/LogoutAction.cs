using Microsoft.Extensions.Primitives;
using Tuppence.Exchange;
using Tuppence.SignIn;

namespace Tuppence.Endpoints;

/// <summary><c>POST /auth/logout</c>: ends the sign-in of one upstream.</summary>
internal static class LogoutAction
{
    /// <summary>Answers.</summary>
    public static async Task RunAsync(HttpContext context, Gateway gateway, SignInDesk desk, Dictionary<string, StringValues> form)
    {
        var name = form.GetValueOrDefault("upstream").ToString();
        var result = await desk.SignOutAsync(name, gateway.Config.Upstreams.GetValueOrDefault(name), context.RequestAborted);
        if (!result.WasSignedIn)
        {
            await SignInPages.WriteAsync(context, 200, "Nobody was signed in", SignInPages.Paragraph($"There was no sign-in for the upstream “{name}”."));
            return;
        }

        var texts = new List<string>(result.NotRevoked);
        texts.Insert(0, result.NotDeleted is { } problem ? $"The tokens are still on this machine: {problem}" : "The tokens are gone from this machine" + (texts.Count == 0 ? " and were revoked at the issuer." : "."));
        await SignInPages.WriteAsync(context, result.NotDeleted is null ? 200 : 500, result.NotDeleted is null ? "You are signed out" : "Signing out did not work", string.Concat(texts.Select(SignInPages.Paragraph)));
    }
}
