using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Tuppence.Emulator.Admin;
using Tuppence.Emulator.Faults;
using Tuppence.Emulator.Http;
using Tuppence.Emulator.Models;
using Tuppence.Emulator.Replies;
using Tuppence.Emulator.Requests;
using Tuppence.Messages.Errors;

namespace Tuppence.Emulator;

/// <summary>The offline Messages API: every path of it, over whatever connection Kestrel serves. Safe for parallel use.</summary>
/// <remarks>
/// Any credential is taken, and none is needed. A fault may come in the request header <c>x-emulator-fault</c> or from <c>/emulator/faults</c>.
/// Source of the behaviour: https://platform.claude.com/docs/en/api/overview and the pages it links (2026-08-22, versions of 2026-10-21).
/// </remarks>
public sealed class EmulatorApi
{
    private const string Greeting =
        "This is Tuppence's emulator, an offline Messages API.\nPOST /v1/messages, POST /v1/messages/count_tokens, GET /v1/models.\nScript it at /emulator/faults and /emulator/replies, see what it received at /emulator/requests, and what that cost at /emulator/bill.\n";

    private readonly TimeProvider time;
    private readonly FaultQueue faults = new();
    private readonly RequestLog log;
    private readonly MessagesEndpoint messages;
    private readonly ModelsEndpoint models;
    private readonly AdminEndpoint admin;
    private readonly BatchesEndpoint batches;
    private readonly ReportEndpoint reports;
    private long count;

    /// <summary>An emulator with empty queues.</summary>
    /// <param name="options">Its manners.</param>
    /// <param name="time">The clock of pacing, stalls and dates.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public EmulatorApi(EmulatorOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problem is { } problem)
        {
            throw new ArgumentOutOfRangeException(nameof(options), problem);
        }

        this.time = time;
        var table = new EmbeddedModels();
        var replies = new ReplyQueue();
        log = new(options.KeptRequests);
        var ledger = new Ledger();
        messages = new(options, time, table, replies, ledger);
        batches = new(messages, time);
        reports = new(ledger, time);
        models = new(table);
        admin = new(faults, replies, log, ledger);
    }

    /// <summary>Serves one request. Ends quietly when the client leaves.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            await ServeAsync(context);
        }
        catch (Exception end) when (end is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left: there is nobody to answer, and the reply stops here.
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var method = context.Request.Method;
        var number = Interlocked.Increment(ref count);
        var requestId = ResponseHead.Id("req_", number.ToString(CultureInfo.InvariantCulture));
        ResponseHead.Write(context.Response.Headers, requestId, time.GetUtcNow());

        var methods = MethodsOf(path);
        if (!methods.Contains(method))
        {
            var error = methods.Length == 0 ? ApiError.NotFound("Not found") : new ApiError(405, ErrorType.InvalidRequest, "Method Not Allowed");
            if (methods.Length > 0)
            {
                context.Response.Headers.Allow = string.Join(", ", methods);
            }

            await RefuseAsync(context, error, requestId, fault: null);
        }
        else if (path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            await ServeApiAsync(context, path, log.Add(context, number, requestId, time.GetUtcNow()));
        }
        else if (path.StartsWith(AdminEndpoint.Prefix, StringComparison.Ordinal))
        {
            var (status, body, error) = await admin.ServeAsync(context);
            await (error is null ? Plain(context, requestId).SendAsync(status, "application/json", body) : RefuseAsync(context, error, requestId, fault: null));
        }
        else
        {
            var text = method == "HEAD" ? "" : path == "/" ? Greeting : "{\"message\":\"hello\"}";
            await Plain(context, requestId).SendAsync(200, path == "/" ? "text/plain; charset=utf-8" : "application/json", System.Text.Encoding.UTF8.GetBytes(text));
        }
    }

    private async Task ServeApiAsync(HttpContext context, string path, ReceivedRequest received)
    {
        var (fault, error) = FaultOf(context, path);
        received.Fault = fault?.Text;
        error ??= fault is { NeedsTransport: true } && !HasTransport(context)
            ? new(501, ErrorType.Api, $"The fault \"{fault.Text}\" speaks beneath HTTP/1.1, which this connection does not allow. Use the emulator on a port of its own (tuppence emulate).")
            : null;
        if (error is not null)
        {
            // A fault that cannot be played must not spoil the message that says so.
            fault = null;
        }
        else if (fault is { Kind: FaultKind.Status })
        {
            error = fault.Error;
            received.Keep((await RequestBody.ReadAsync(context)).Bytes);
        }
        else if (path is "/v1/messages" or "/v1/messages/count_tokens")
        {
            error = await messages.ServeAsync(context, received, fault, counting: path != "/v1/messages");
        }
        else if (path.StartsWith(BatchesEndpoint.Path, StringComparison.Ordinal))
        {
            (var body, var type, error) = ApiVersion.Check(context.Request.Headers["anthropic-version"].ToString()) is { } refused
                ? (default, "", refused)
                : await batches.ServeAsync(context, path);
            if (error is null)
            {
                received.Status = 200;
                await new Wire(context, fault, time, received.RequestId).SendAsync(200, type, body);
            }
        }
        else
        {
            var body = default(ReadOnlyMemory<byte>);
            error = ApiVersion.Check(context.Request.Headers["anthropic-version"].ToString());
            (body, error) = error is not null ? (body, error)
                : path is ReportEndpoint.UsagePath or ReportEndpoint.CostPath ? reports.Serve(context.Request, cost: path == ReportEndpoint.CostPath)
                : path == "/v1/models" ? models.List(context.Request.Query) : models.Get(path["/v1/models/".Length..]);
            if (error is null)
            {
                received.Status = 200;
                await new Wire(context, fault, time, received.RequestId).SendAsync(200, "application/json", body);
            }
        }

        if (error is not null)
        {
            received.Status = error.Status;
            await RefuseAsync(context, error, received.RequestId, fault);
        }
    }

    private (Fault? Fault, ApiError? Error) FaultOf(HttpContext context, string path)
    {
        if (context.Request.Headers["x-emulator-fault"].FirstOrDefault() is not { } text)
        {
            return (faults.Take(path), null);
        }

        var (fault, problem) = FaultSyntax.Read(text);
        return (fault, problem is null ? null : ApiError.Invalid($"x-emulator-fault: {problem}"));
    }

    private Wire Plain(HttpContext context, string requestId) => new(context, fault: null, time, requestId);

    private async Task RefuseAsync(HttpContext context, ApiError error, string requestId, Fault? fault)
    {
        var headers = context.Response.Headers;
        if (fault?.RetryAfter is { } retryAfter)
        {
            headers.RetryAfter = retryAfter;
        }

        if (fault?.ShouldRetry is { } shouldRetry)
        {
            headers["x-should-retry"] = shouldRetry;
        }

        if (error.Status == 413)
        {
            // The rest of the body is not read, so the connection cannot serve another request.
            headers.Connection = "close";
        }

        await Plain(context, requestId).SendAsync(error.Status, "application/json", ErrorBody.Write(error.Type, error.Message, requestId));
    }

    private static bool HasTransport(HttpContext context) =>
        context.Features.Get<IConnectionTransportFeature>() is not null && context.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal);

    private static string[] MethodsOf(string path) => path switch
    {
        "/v1/messages" or "/v1/messages/count_tokens" => ["POST"],
        "/v1/models" or ReportEndpoint.UsagePath or ReportEndpoint.CostPath => ["GET"],
        "/" or "/api/hello" => ["GET", "HEAD"],
        _ when path.StartsWith("/v1/models/", StringComparison.Ordinal) && path.Length > "/v1/models/".Length => ["GET"],
        _ when BatchesEndpoint.MethodsOf(path) is { Length: > 0 } ofBatches => ofBatches,
        _ => AdminEndpoint.MethodsOf(path),
    };
}
