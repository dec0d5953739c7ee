using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Tuppence.Emulator.Faults;
using Tuppence.Emulator.Http;
using Tuppence.Emulator.Replies;
using Tuppence.Emulator.Requests;
using Tuppence.Messages.Errors;

namespace Tuppence.Emulator.Admin;

/// <summary>Serves <c>/emulator/faults</c>, <c>/emulator/replies</c>, <c>/emulator/requests</c> and <c>/emulator/bill</c>.</summary>
/// <remarks>
/// All that can be done here is to script this emulator and to see what it received. A POST must say <c>content-type: application/json</c>:
/// a page of another origin cannot send that, nor a DELETE, without a preflight, which is never granted.
/// </remarks>
internal sealed class AdminEndpoint(FaultQueue faults, ReplyQueue replies, RequestLog log, Ledger ledger)
{
    /// <summary>Where it stands.</summary>
    public const string Prefix = "/emulator/";

    /// <summary>The methods of a path; empty where there is nothing.</summary>
    public static string[] MethodsOf(string path) => path switch
    {
        "/emulator/faults" or "/emulator/replies" => ["GET", "POST", "DELETE"],
        "/emulator/requests" or "/emulator/bill" => ["GET", "DELETE"],
        _ => [],
    };

    /// <summary>Answers a request whose path and method are known to exist.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body, ApiError? Error)> ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        switch (context.Request.Method)
        {
            case "DELETE":
                (path == "/emulator/faults" ? (Action)faults.Clear : path == "/emulator/replies" ? replies.Clear : path == "/emulator/bill" ? ledger.Clear : log.Clear)();
                break;
            case "POST" when await AddAsync(context, path) is { } error:
                return (error.Status, default, error);
        }

        return (200, path switch
        {
            "/emulator/faults" => List("faults", faults.Waiting, WriteFault),
            "/emulator/replies" => List("replies", replies.Waiting, WriteReply),
            "/emulator/bill" => List("bill", ledger.Totals, WriteLine),
            _ => List("requests", log.Kept, WriteRequest),
        }, null);
    }

    private async Task<ApiError?> AddAsync(HttpContext context, string path)
    {
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            return new(415, ErrorType.InvalidRequest, "Send the script as content-type: application/json.");
        }

        var (body, readError) = await RequestBody.ReadAsync(context);
        var (document, jsonError) = readError is null ? JsonBody.Parse(body) : (null, readError);
        if (document is null)
        {
            return jsonError;
        }

        using (document)
        {
            var entries = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToArray() : [document.RootElement];
            return path == "/emulator/faults"
                ? Add(entries, FaultSyntax.ReadJson, faults.TryAdd, FaultQueue.Limit)
                : Add(entries, ReplySyntax.Read, replies.TryAdd, ReplyQueue.Limit);
        }
    }

    private static ApiError? Add<T>(JsonElement[] entries, Func<JsonElement, (T?, string?)> read, Func<IReadOnlyCollection<T>, bool> add, int limit)
        where T : class
    {
        var list = new List<T>();
        foreach (var entry in entries)
        {
            var (item, error) = read(entry);
            if (item is null)
            {
                return ApiError.Invalid(error!);
            }

            list.Add(item);
        }

        return add(list) ? null : ApiError.Invalid($"At most {limit} may wait. Send DELETE to this path to forget those that do.");
    }

    private static ReadOnlyMemory<byte> List<T>(string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MessageJson.Options with { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray(name);
            foreach (var item in items)
            {
                json.WriteStartObject();
                write(json, item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static void WriteFault(Utf8JsonWriter json, (Fault Fault, int Left) waiting)
    {
        json.WriteString("fault"u8, waiting.Fault.Text);
        json.WriteString("path"u8, waiting.Fault.Path);
        json.WriteNumber("left"u8, waiting.Left);
    }

    private static void WriteReply(Utf8JsonWriter json, Reply reply)
    {
        json.WritePropertyName("content"u8);
        MessageJson.Blocks(json, reply.Blocks);
        json.WriteString("stop_reason"u8, reply.StopReason);
    }

    private static void WriteLine(Utf8JsonWriter json, LedgerLine line)
    {
        json.WriteString("account"u8, line.Account);
        json.WriteString("model"u8, line.Model);
        json.WriteNumber("requests"u8, line.Requests);
        json.WriteNumber("input_tokens"u8, line.InputTokens);
        json.WriteNumber("ephemeral_5m_input_tokens"u8, line.Written5m);
        json.WriteNumber("ephemeral_1h_input_tokens"u8, line.Written1h);
        json.WriteNumber("cache_read_input_tokens"u8, line.Read);
        json.WriteNumber("output_tokens"u8, line.OutputTokens);
        json.WriteNumber("input_nano_dollars"u8, line.InputCost);
        json.WriteNumber("output_nano_dollars"u8, line.OutputCost);
        json.WriteNumber("web_search_requests"u8, line.WebSearches);
        json.WriteNumber("web_search_nano_dollars"u8, line.SearchCost);
    }

    private static void WriteRequest(Utf8JsonWriter json, ReceivedRequest request)
    {
        json.WriteNumber("number"u8, request.Number);
        json.WriteString("request_id"u8, request.RequestId);
        json.WriteString("received_at"u8, request.ReceivedAt);
        json.WriteString("method"u8, request.Method);
        json.WriteString("target"u8, request.Target);
        json.WriteStartArray("headers"u8);
        foreach (var (name, value) in request.Headers)
        {
            json.WriteStringValue($"{name}: {value}");
        }

        json.WriteEndArray();
        json.WriteNumber("body_bytes"u8, request.BodyLength);
        WriteBody(json, request);
        if (request.Status is { } status)
        {
            json.WriteNumber("status"u8, status);
        }

        if (request.Fault is { } fault)
        {
            json.WriteString("fault"u8, fault);
        }
    }

    // As JSON where it is JSON, as text where it is text, else in base64.
    private static void WriteBody(Utf8JsonWriter json, ReceivedRequest request)
    {
        var body = request.Body;
        if (body.Length == request.BodyLength && JsonBody.Parse(body.ToArray()).Document is { } document)
        {
            json.WritePropertyName("body"u8);
            document.RootElement.WriteTo(json);
            document.Dispose();
        }
        else if (Utf8.IsValid(body.Span))
        {
            json.WriteString("body"u8, Encoding.UTF8.GetString(body.Span));
        }
        else
        {
            json.WriteBase64String("body_base64"u8, body.Span);
        }
    }
}
