using System.Text;

namespace Tuppence.Tests.Scenes;

/// <summary>Events as the Messages API writes them, and the means to read what a client got.</summary>
public static class Sse
{
    public const string Body = """{"model":"claude-sonnet-4-5","max_tokens":64,"stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    public const string Start =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n"
        + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";

    /// <summary>A text delta.</summary>
    public static string Delta(string text) =>
        $"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{text}\"}}}}\n\n";

    /// <summary>Reads chunks until <paramref name="text"/> is there; gives all that was read. Null where the stream ends first.</summary>
    public static async Task<string?> ReadUntilAsync(RawClient client, string text)
    {
        var read = new StringBuilder();
        while (await client.ReadChunkAsync() is { Length: > 0 } chunk)
        {
            read.Append(Encoding.UTF8.GetString(chunk));
            if (read.ToString().Contains(text, StringComparison.Ordinal))
            {
                return read.ToString();
            }
        }

        return null;
    }

    /// <summary>Reads chunks to the end; whether the end came in order, and all that was read.</summary>
    public static async Task<(bool InOrder, string Text)> ReadToEndAsync(RawClient client)
    {
        var read = new MemoryStream();
        while (await client.ReadChunkAsync() is { } chunk)
        {
            if (chunk.Length == 0)
            {
                return (true, Encoding.UTF8.GetString(read.ToArray()));
            }

            read.Write(chunk);
        }

        return (false, Encoding.UTF8.GetString(read.ToArray()));
    }

    /// <summary>Sends the usual streaming request and reads the answer's head.</summary>
    public static async Task<RawClient> BeginAsync(TestGateway gateway)
    {
        var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", Body));
        Assert.Equal(200, (await client.ReadHeadAsync())?.Status);
        return client;
    }
}
