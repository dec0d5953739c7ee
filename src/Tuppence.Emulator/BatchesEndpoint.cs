using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tuppence.Emulator.Http;
using Tuppence.Emulator.Replies;
using Tuppence.Emulator.Requests;
using Tuppence.Messages.Errors;

namespace Tuppence.Emulator;

/// <summary>Serves <c>/v1/messages/batches</c>: making one, looking at it, fetching its results. A batch is done at once and kept as long as the emulator runs.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/batch-processing (2026-08).</remarks>
internal sealed class BatchesEndpoint(MessagesEndpoint messages, TimeProvider time)
{
    /// <summary>Where it stands.</summary>
    public const string Path = "/v1/messages/batches";

    private const string Suffix = "/results";
    private const int MostRequests = 10_000;

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, int Succeeded, int Errored, ReadOnlyMemory<byte> Results)> batches = new(StringComparer.Ordinal);
    private int count;

    /// <summary>The methods of a path; empty where there is nothing.</summary>
    public static string[] MethodsOf(string path) => path == Path ? ["POST"] : path.StartsWith(Path + "/", StringComparison.Ordinal) ? ["GET"] : [];

    /// <summary>Answers a request whose path and method are known to exist.</summary>
    public async Task<(ReadOnlyMemory<byte> Body, string Type, ApiError? Error)> ServeAsync(HttpContext context, string path)
    {
        const string Json = "application/json";
        if (path == Path)
        {
            var (id, error) = await MakeAsync(context);
            return id is null ? (default, Json, error) : (Describe(context, id), Json, null);
        }

        var asked = path[(Path.Length + 1)..];
        var wantsResults = asked.EndsWith(Suffix, StringComparison.Ordinal);
        asked = wantsResults ? asked[..^Suffix.Length] : asked;
        return !batches.TryGetValue(asked, out var batch) ? (default, Json, ApiError.NotFound("Not found"))
            : wantsResults ? (batch.Results, "application/x-jsonl", null)
            : (Describe(context, asked), Json, null);
    }

    private async Task<(string? Id, ApiError? Error)> MakeAsync(HttpContext context)
    {
        var (body, readError) = await RequestBody.ReadAsync(context);
        var (document, jsonError) = readError is null ? JsonBody.Parse(body) : (null, readError);
        if (document is null)
        {
            return (null, jsonError);
        }

        using (document)
        {
            if (document.RootElement.Member("requests"u8) is not { ValueKind: JsonValueKind.Array } requests || requests.GetArrayLength() is 0 or > MostRequests)
            {
                return (null, ApiError.Invalid($"requests: Input should be a list of 1 to {MostRequests} requests"));
            }

            var id = ResponseHead.Id("msgbatch_", Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture));
            var results = new ArrayBufferWriter<byte>();
            var (succeeded, errored) = (0, 0);
            foreach (var request in requests.EnumerateArray())
            {
                if (request.Text("custom_id"u8) is not { Length: > 0 } name || request.Member("params"u8) is not { ValueKind: JsonValueKind.Object } asked)
                {
                    return (null, ApiError.Invalid("requests: each needs a custom_id and params"));
                }

                var error = Serve(context, results, id, name, asked);
                (succeeded, errored) = error ? (succeeded, errored + 1) : (succeeded + 1, errored);
            }

            batches[id] = (time.GetUtcNow(), succeeded, errored, results.WrittenMemory);
            return (id, null);
        }
    }

    private bool Serve(HttpContext context, ArrayBufferWriter<byte> results, string batch, string name, JsonElement asked)
    {
        var message = new ArrayBufferWriter<byte>();
        ApiError? error;
        using (var json = new Utf8JsonWriter(message, MessageJson.Options))
        {
            error = messages.ServeBatched(asked, context.Request.Headers, ResponseHead.Id("msg_", batch, name), json);
        }

        using (var json = new Utf8JsonWriter(results, MessageJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("custom_id"u8, name);
            json.WriteStartObject("result"u8);
            json.WriteString("type"u8, error is null ? "succeeded"u8 : "errored"u8);
            json.WritePropertyName(error is null ? "message"u8 : "error"u8);
            json.WriteRawValue(error is null ? message.WrittenSpan : ErrorBody.Write(error.Type, error.Message));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        results.Write("\n"u8);
        return error is not null;
    }

    private ReadOnlyMemory<byte> Describe(HttpContext context, string id)
    {
        var (at, succeeded, errored, _) = batches[id];
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MessageJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("type"u8, "message_batch"u8);
            json.WriteString("processing_status"u8, "ended"u8);
            json.WriteStartObject("request_counts"u8);
            json.WriteNumber("processing"u8, 0);
            json.WriteNumber("succeeded"u8, succeeded);
            json.WriteNumber("errored"u8, errored);
            json.WriteNumber("canceled"u8, 0);
            json.WriteNumber("expired"u8, 0);
            json.WriteEndObject();
            json.WriteString("created_at"u8, at);
            json.WriteString("ended_at"u8, at);
            json.WriteString("expires_at"u8, at.AddDays(1));
            json.WriteNull("archived_at"u8);
            json.WriteNull("cancel_initiated_at"u8);
            json.WriteString("results_url"u8, $"{context.Request.Scheme}://{context.Request.Host}{Path}/{id}{Suffix}");
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
