using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Tuppence.Exchange;
using Tuppence.SignIn;

namespace Tuppence.Endpoints;

/// <summary>The pages under <c>/auth/</c>. Nothing begins or ends by GET; who asks is settled by the guard, and by a gateway key where the gateway has keys.</summary>
internal static class SignInEndpoint
{
    private const int MaxFormBytes = 8 * 1024;

    /// <summary>Answers.</summary>
    public static async Task AnswerAsync(HttpContext context, Gateway gateway, SignInDesk? desk)
    {
        var path = context.Request.Path.Value;
        var isPost = HttpMethods.IsPost(context.Request.Method);
        var allow = path switch { "/auth/login" => "GET, HEAD, POST", "/auth/status" => "GET, HEAD", _ => "POST" };
        if (!allow.Split(", ").Contains(context.Request.Method, StringComparer.Ordinal))
        {
            await MethodNotAllowed.AnswerAsync(context, allow);
        }
        else if (desk is null)
        {
            await ErrorResponse.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "This gateway keeps no sign-ins."));
        }
        else if (!isPost)
        {
            await ShowAsync(context, gateway, desk, path!);
        }
        else if (await ReadFormAsync(context.Request) is not { } form)
        {
            await ErrorResponse.WriteAsync(context, new GatewayError(ErrorKind.BodyTooLarge, $"The form is larger than {MaxFormBytes / 1024} KB."));
        }
        else if (gateway.Keys.AreRequired && !gateway.Guard.CarriesKey(context.Request) && !gateway.Keys.Contains(form.GetValueOrDefault("key").ToString()))
        {
            await SignInPages.WriteAsync(context, 401, "The gateway key is wrong or missing", SignInPages.KeyMissing());
        }
        else if (ProgramSignIn.IsMeant(gateway, form.GetValueOrDefault("upstream").ToString()))
        {
            await ProgramSignIn.AnswerAsync(context, gateway, login: path == "/auth/login");
        }
        else if (path == "/auth/login")
        {
            await LoginAction.RunAsync(context, gateway, desk, form);
        }
        else
        {
            await LogoutAction.RunAsync(context, gateway, desk, form);
        }
    }

    private static async Task ShowAsync(HttpContext context, Gateway gateway, SignInDesk desk, string path)
    {
        if (gateway.ClaudeCode is { } program)
        {
            await program.Program.LookForSignInAsync(context.RequestAborted);
        }

        var flight = path == "/auth/login" && context.Request.Query["flow"] is [{ Length: > 0 } id] ? desk.Find(id) : null;
        var isNear = context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
        if (flight is not null)
        {
            await SignInPages.ShowFlightAsync(context, flight);
        }
        else if (gateway.Keys.AreRequired && !isNear && !gateway.Guard.CarriesKey(context.Request))
        {
            await ErrorResponse.WriteAsync(context, new GatewayError(ErrorKind.KeyMissing, "From another machine these pages need a gateway key as x-api-key. On the machine that runs Tuppence: tuppence login."));
        }
        else if (path == "/auth/status")
        {
            await SignInPages.ShowStatusAsync(context, gateway, await desk.StatusAsync(gateway.Config, context.RequestAborted));
        }
        else
        {
            await SignInPages.ShowChoiceAsync(context, gateway, await desk.StatusAsync(gateway.Config, context.RequestAborted), isNear);
        }
    }

    private static async Task<Dictionary<string, StringValues>?> ReadFormAsync(HttpRequest request)
    {
        var buffer = new byte[MaxFormBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        return length > MaxFormBytes ? null : QueryHelpers.ParseQuery(Encoding.UTF8.GetString(buffer, 0, length));
    }
}
