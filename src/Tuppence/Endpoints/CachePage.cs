using System.Buffers;
using System.Text.Json;
using Tuppence.Caching;
using Tuppence.Exchange;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Endpoints;

/// <summary>
/// <c>GET /tuppence/cache</c>: what the input of each conversation cost, and why, as JSON. It holds a few of the users' own words where a
/// prompt changed, so it asks for a gateway key wherever requests do. <c>tuppence explain</c> reads it.
/// </summary>
internal static class CachePage
{
    private const int MostConversations = 50;

    /// <summary>Answers. All money is in nano-dollars (10^-9 USD).</summary>
    public static Task AnswerAsync(HttpContext context, GatewayState state)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MethodNotAllowed.AnswerAsync(context);
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(Write(state)).AsTask();
    }

    private static ReadOnlyMemory<byte> Write(GatewayState state)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("level"u8, state.Current.Config.Cache.Level is { } level ? LevelNames.NameOf(level) : "auto");
            json.WriteBoolean("remembered"u8, state.Cache.Accounts is not null);
            json.WriteStartArray("conversations"u8);
            foreach (var conversation in state.Cache.Accounts?.Recent(MostConversations) ?? [])
            {
                Write(json, conversation);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, ConversationAccount conversation)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, conversation.Id);
        json.WriteString("upstream"u8, conversation.Scope.Split(CacheAccount.Passing)[0]);
        json.WriteString("model"u8, conversation.Model);
        json.WriteNumber("turns"u8, conversation.Turns);
        json.WriteString("since"u8, conversation.Since);
        json.WriteString("latest"u8, conversation.Latest);
        json.WriteNumber("spent"u8, conversation.Spent);
        json.WriteNumber("pings"u8, conversation.Pings);
        json.WriteNumber("ping_cost"u8, conversation.PingCost);
        json.WriteNumber("planned"u8, conversation.Planned);
        json.WriteNumber("without_caching"u8, conversation.Uncached);
        json.WriteNumber("lower_bound"u8, conversation.Bound);
        json.WriteBoolean("lower_bound_holds"u8, conversation.BoundHolds);
        json.WriteNumber("tokens"u8, conversation.Tokens);
        json.WriteNumber("read_tokens"u8, conversation.ReadTokens);
        json.WriteStartArray("recent"u8);
        foreach (var turn in conversation.Recent)
        {
            Write(json, turn);
        }

        json.WriteEndArray();
        json.WriteStartArray("causes"u8);
        foreach (var cause in conversation.Causes)
        {
            json.WriteStartObject();
            json.WriteString("cause"u8, Snake(cause.Cause));
            json.WriteNumber("turns"u8, cause.Turns);
            json.WriteNumber("tokens"u8, cause.Tokens);
            json.WriteNumber("cost"u8, cause.Cost);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("advice"u8);
        foreach (var advice in conversation.Advice)
        {
            json.WriteStartObject();
            json.WriteString("cause"u8, Snake(advice.Cause));
            json.WriteString("level"u8, advice.Level is { } level ? LevelNames.NameOf(level) : null);
            json.WriteNumber("cost_per_100"u8, advice.CostPer100);
            json.WriteNumber("saving_per_100"u8, advice.SavingPer100);
            json.WriteString("text"u8, advice.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TurnAccount turn)
    {
        json.WriteStartObject();
        json.WriteNumber("number"u8, turn.Number);
        json.WriteString("at"u8, turn.At);
        json.WriteString("model"u8, turn.Model);
        json.WriteString("level"u8, LevelNames.NameOf(turn.Level));
        json.WriteNumber("cost"u8, turn.Cost);
        json.WriteNumber("planned"u8, turn.PlannedCost);
        json.WriteNumber("without_caching"u8, turn.UncachedCost);
        json.WriteNumber("read_tokens"u8, turn.Reported.Read);
        json.WriteNumber("written_1h_tokens"u8, turn.Reported.Write1h);
        json.WriteNumber("written_5m_tokens"u8, turn.Reported.Write5m);
        json.WriteNumber("uncached_tokens"u8, turn.Reported.Uncached);
        json.WriteString("cause"u8, Snake(turn.Break.Cause));
        json.WriteNumber("broken_tokens"u8, turn.Break.Tokens);
        json.WriteNumber("broken_cost"u8, turn.Break.Cost);
        json.WriteString("line"u8, turn.ToLine(withText: true));
        json.WriteEndObject();
    }

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
