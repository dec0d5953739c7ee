using Tuppence.Messages.Errors;
using Tuppence.Telemetry;
using Tuppence.Upstreams.ClaudeCode;

namespace Tuppence.ClaudeCode;

/// <summary>
/// What the server inside the process answers: <c>POST /v1/messages</c> by the program, <c>GET /v1/models</c> by itself. Of a request's header lines
/// only <c>anthropic-beta</c> is read: whatever a client proves itself with ends before it.
/// </summary>
internal sealed class ClaudeCodeEndpoint(ClaudeCodeMessages messages, CheckedProgram program, ILogger log)
{
    private const string Models = "/v1/models";

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        if (path == "/v1/messages" && HttpMethods.IsPost(method))
        {
            return AskAsync(context);
        }

        if (path == Models && HttpMethods.IsGet(method))
        {
            return WriteAsync(context, StatusCodes.Status200OK, ListedModels.All);
        }

        return path.StartsWith(Models + "/", StringComparison.Ordinal) && HttpMethods.IsGet(method) && ListedModels.Find(path[(Models.Length + 1)..]) is { } one
            ? WriteAsync(context, StatusCodes.Status200OK, one)
            : WriteAsync(context, StatusCodes.Status404NotFound, ErrorBody.Write(ErrorType.NotFound, $"{method} {path}: the upstream claude-code serves POST /v1/messages and GET /v1/models alone."));
    }

    private async Task AskAsync(HttpContext context)
    {
        try
        {
            var body = new byte[checked((int)(context.Request.ContentLength ?? 0))];
            await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
            await messages.AnswerAsync(body, BetasOf(context.Request), new ResponseSink(context.Response), context.RequestAborted);
            if (context.Response.StatusCode == StatusCodes.Status401Unauthorized && program.State.Stage == ProgramStage.Ready)
            {
                program.Doubt();
            }
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.Bug(log, e);
            if (context.Response.HasStarted)
            {
                // What stands behind it reads a stream that breaks off, and says so.
                context.Abort();
                return;
            }

            context.Response.Clear();
            await WriteAsync(context, StatusCodes.Status500InternalServerError, ErrorBody.Write(ErrorType.Api, "Tuppence failed while Claude Code answered; its log says more. This is a bug: please report it."));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left.
        }
    }

    private static string[] BetasOf(HttpRequest request) =>
        [.. request.Headers["anthropic-beta"].OfType<string>().SelectMany(static line => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }
}
