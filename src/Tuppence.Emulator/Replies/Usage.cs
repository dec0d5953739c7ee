using System.Text.Json;
using Tuppence.Emulator.Caching;

namespace Tuppence.Emulator.Replies;

/// <summary>Writes <c>usage</c>.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/messages (2026-08-22).</remarks>
internal static class Usage
{
    /// <summary>The figures of a whole message, or of <c>message_start</c>, where the output is only begun.</summary>
    public static void Write(Utf8JsonWriter json, CacheUsage input, int output, int thinking, Reply? reply, in UsageTerms terms)
    {
        json.WriteStartObject("usage"u8);
        Input(json, input);
        json.WriteStartObject("cache_creation"u8);
        json.WriteNumber("ephemeral_5m_input_tokens"u8, input.Written5m);
        json.WriteNumber("ephemeral_1h_input_tokens"u8, input.Written1h);
        json.WriteEndObject();
        Output(json, output, thinking);
        ServerTools(json, reply);
        json.WriteString("service_tier"u8, terms.IsBatch ? "batch"u8 : "standard"u8);
        json.WriteString("inference_geo"u8, terms.Geo ?? "not_available");
        json.WriteString("speed"u8, "standard"u8);
        json.WriteEndObject();
    }

    /// <summary>The figures of <c>message_delta</c>, final ones.</summary>
    public static void WriteFinal(Utf8JsonWriter json, CacheUsage input, int output, int thinking, Reply reply)
    {
        json.WriteStartObject("usage"u8);
        Input(json, input);
        Output(json, output, thinking);
        ServerTools(json, reply);
        json.WriteEndObject();
    }

    private static void ServerTools(Utf8JsonWriter json, Reply? reply)
    {
        if (reply is null or { WebSearches: 0, WebFetches: 0 })
        {
            json.WriteNull("server_tool_use"u8);
            return;
        }

        json.WriteStartObject("server_tool_use"u8);
        json.WriteNumber("web_search_requests"u8, reply.WebSearches);
        json.WriteNumber("web_fetch_requests"u8, reply.WebFetches);
        json.WriteEndObject();
    }

    private static void Input(Utf8JsonWriter json, CacheUsage input)
    {
        json.WriteNumber("input_tokens"u8, input.InputTokens);
        json.WriteNumber("cache_creation_input_tokens"u8, input.Written);
        json.WriteNumber("cache_read_input_tokens"u8, input.Read);
    }

    private static void Output(Utf8JsonWriter json, int output, int thinking)
    {
        json.WriteNumber("output_tokens"u8, output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("thinking_tokens"u8, thinking);
        json.WriteEndObject();
    }
}
