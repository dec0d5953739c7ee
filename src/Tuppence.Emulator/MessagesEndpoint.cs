using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tuppence.Emulator.Admin;
using Tuppence.Emulator.Caching;
using Tuppence.Emulator.Faults;
using Tuppence.Emulator.Http;
using Tuppence.Emulator.Models;
using Tuppence.Emulator.Replies;
using Tuppence.Emulator.Requests;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Emulator;

/// <summary>Serves <c>POST /v1/messages</c> and <c>POST /v1/messages/count_tokens</c>.</summary>
internal sealed class MessagesEndpoint(EmulatorOptions options, TimeProvider time, IEmulatedModels models, ReplyQueue replies, Ledger ledger)
{
    private readonly IPromptCache cache = options.PromptCache
        ?? new SimulatedPromptCache(new CacheEngineOptions { ReadableAfter = options.Pacing ? options.TimeToFirstToken : TimeSpan.Zero });
    private readonly MessageRequestReader reader = new(models);
    private readonly Pace pace = new(options, time);

    /// <summary>Answers, or says what is wrong with the request.</summary>
    public async Task<ApiError?> ServeAsync(HttpContext context, ReceivedRequest received, Fault? fault, bool counting)
    {
        var now = time.GetUtcNow();
        var (body, readError) = await RequestBody.ReadAsync(context);
        received.Keep(body);

        var headers = context.Request.Headers;
        var version = headers["anthropic-version"].ToString();
        var (document, jsonError) = readError is null ? JsonBody.Parse(body) : (null, readError);
        using (document)
        {
            if ((readError ?? ApiVersion.Check(version) ?? jsonError) is { } refused)
            {
                return refused;
            }

            if (!SimulatedTime.TryRead(headers, now, out var startedAt))
            {
                return ApiError.Invalid($"{SimulatedTime.Header}: Input should be a time such as 2026-11-22T18:00:00Z, or seconds since 1970.");
            }

            var betas = headers["anthropic-beta"].SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            var (request, error) = reader.Read(document!.RootElement, new(version, [.. betas], counting));
            if (request is null)
            {
                return error;
            }

            if (fault is { NeedsStream: true } && !request.Stream)
            {
                return ApiError.Invalid($"The fault \"{fault.Text}\" counts events: it needs a request with \"stream\": true. after-bytes works for both.");
            }

            var wire = new Wire(context, fault, time, received.RequestId);
            received.Status = 200;
            if (counting)
            {
                await wire.SendAsync(200, "application/json", Encoding.UTF8.GetBytes($$"""{"input_tokens":{{request.InputTokens}}}"""));
                return null;
            }

            var id = ResponseHead.Id("msg_", Convert.ToHexString(SHA256.HashData(body)), received.RequestId);
            await ReplyAsync(wire, request, new(Account(headers), request.Model.Id, request.Prompt, request.Model.MinCacheTokens, startedAt), id, context.RequestAborted);
            return null;
        }
    }

    private async Task ReplyAsync(Wire wire, MessageRequest request, CacheRequest prompt, string id, CancellationToken left)
    {
        var terms = new UsageTerms(IsBatch: false, request.InferenceGeo);
        var (usage, reply, item) = Serve(request, prompt, terms);
        if (request.Stream)
        {
            var isTold = false;
            try
            {
                isTold = await new MessageStream(wire, pace, left).SendAsync(id, request.Model.Id, reply, usage, terms);
            }
            finally
            {
                if (!isTold)
                {
                    // A stream that ended early is billed by what had been told of it: all input, and the output that message_start names.
                    ledger.Add(item with { Replies = -1 });
                    ledger.Add(item with { Output = 1, WebSearches = 0 });
                }
            }

            return;
        }

        await pace.WaitAsync(pace.OfWhole(reply.Tokens), ping: null, left);
        await wire.SendAsync(200, "application/json", MessageJson.Write(id, request.Model.Id, reply, usage, terms));
    }

    /// <summary>Composes the reply to a request and puts it on the bill.</summary>
    private (CacheUsage Usage, Reply Reply, BillItem Item) Serve(MessageRequest request, CacheRequest prompt, in UsageTerms terms)
    {
        var usage = cache.Serve(prompt);
        var reply = (request.MaxTokens > 0 ? replies.Take() : null)
            ?? ReplyLimits.Apply(Composer.Compose(request, options.ReplyText), request);
        var item = new BillItem(prompt.Account, request.Model, usage, reply.Tokens)
        {
            Day = DateOnly.FromDateTime(prompt.StartedAt.UtcDateTime),
            IsBatch = terms.IsBatch,
            Geo = terms.Geo,
            WebSearches = reply.WebSearches,
        };
        ledger.Add(item);
        return (usage, reply, item);
    }

    /// <summary>Answers one request of a batch: the message, or the error that refuses it.</summary>
    public ApiError? ServeBatched(JsonElement body, IHeaderDictionary headers, string id, Utf8JsonWriter json)
    {
        var (request, error) = reader.Read(body, new(headers["anthropic-version"].ToString(), [], Counting: false));
        if (request is null)
        {
            return error;
        }

        var terms = new UsageTerms(IsBatch: true, request.InferenceGeo);
        var (usage, reply, _) = Serve(request, new(Account(headers), request.Model.Id, request.Prompt, request.Model.MinCacheTokens, time.GetUtcNow()), terms);
        MessageJson.Write(json, id, request.Model.Id, reply, usage, terms);
        return null;
    }

    /// <summary>Stands for the credential of a request.</summary>
    public static string Account(IHeaderDictionary headers)
    {
        var credential = headers["x-api-key"].FirstOrDefault() ?? headers.Authorization.FirstOrDefault() ?? "";
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(credential)), 0, 8);
    }
}
