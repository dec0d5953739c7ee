using System.Collections;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Tuppence.ClaudeStandIn;

/// <summary>One run that answers: lines of JSON in, lines of JSON out.</summary>
internal sealed class Session(StandInFolder folder)
{
    private const string Billing = "x-anthropic-billing-header: cc_version=2.1.330.839; cc_entrypoint=sdk-cli;";
    private const string Agent = "You are a Claude agent, built on Anthropic's Claude Agent SDK.";

    private readonly JsonArray messages = [];
    private readonly JsonArray system = [Text(Billing), Text(Agent)];
    private readonly JsonArray tools = [];
    private string model = "claude-sonnet-4-5";
    private JsonObject settings = [];
    private bool hasToolServer;

    public async Task<int> RunAsync()
    {
        folder.Note("pid", $"{Environment.ProcessId}");
        // What a process of this kind is told is the test's to see.
#pragma warning disable RS0030
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            folder.Note("env", $"{variable.Key}={variable.Value}");
        }
#pragma warning restore RS0030

        while (await Console.In.ReadLineAsync() is { } line)
        {
            folder.Note("line", line);
            var said = JsonNode.Parse(line)!.AsObject();
            switch ((string?)said["type"])
            {
                case "control_request":
                    await ControlAsync((string)said["request_id"]!, said["request"]!.AsObject());
                    break;
                case "control_response":
                    TakeTools(said);
                    break;
                case "assistant":
                    messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = said["message"]!["content"]!.DeepClone() });
                    break;
                case "user":
                    messages.Add(said["message"]!.DeepClone());
                    if (said["shouldQuery"] is { } query && !query.GetValue<bool>())
                    {
                        Say(new JsonObject { ["type"] = "result", ["subtype"] = "success", ["is_error"] = false, ["num_turns"] = 0, ["result"] = "" });
                        break;
                    }

                    if (await AnswerAsync() is { } exit)
                    {
                        return exit;
                    }

                    break;
            }
        }

        return 0;
    }

    private async Task ControlAsync(string id, JsonObject request)
    {
        switch ((string?)request["subtype"])
        {
            case "apply_flag_settings":
                settings = request["settings"]!.DeepClone().AsObject();
                model = (string?)settings["model"] ?? model;
                break;
            case "initialize":
                foreach (var block in folder.Has("no-system") ? [] : request["systemPrompt"] as JsonArray ?? [])
                {
                    system.Add(Text((string)block!));
                }

                hasToolServer = request["sdkMcpServers"] is JsonArray { Count: > 0 };
                break;
        }

        Say(new JsonObject { ["type"] = "control_response", ["response"] = new JsonObject { ["subtype"] = "success", ["request_id"] = id, ["response"] = new JsonObject { ["pid"] = 0 } } });
        if (hasToolServer && (string?)request["subtype"] == "initialize")
        {
            Say(new JsonObject
            {
                ["type"] = "control_request",
                ["request_id"] = "tools-1",
                ["request"] = new JsonObject { ["subtype"] = "mcp_message", ["server_name"] = "gw", ["message"] = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/list" } },
            });
        }

        await Console.Out.FlushAsync();
    }

    private void TakeTools(JsonObject said)
    {
        foreach (var tool in said["response"]?["response"]?["mcp_response"]?["result"]?["tools"] as JsonArray ?? [])
        {
            tools.Add(new JsonObject { ["name"] = (string)tool!["name"]!, ["description"] = (string?)tool["description"] ?? "", ["input_schema"] = tool["inputSchema"]!.DeepClone() });
        }
    }

    private async Task<int?> AnswerAsync()
    {
        // Where the self-test listens, there is no plan to follow.
#pragma warning disable RS0030
        if (Environment.GetEnvironmentVariable("ANTHROPIC_BASE_URL") is { Length: > 0 } url)
#pragma warning restore RS0030
        {
            await CallAsync(new Uri(url));
        }
        else if (folder.Has("die"))
        {
            await Console.Error.WriteLineAsync("the stand-in dies as planned");
            return 3;
        }
        else if (folder.Has("not-logged-in"))
        {
            Say(
                JsonNode.Parse("""{"type":"assistant","message":{"id":"m","type":"message","role":"assistant","model":"<synthetic>","content":[{"type":"text","text":"Not logged in · Please run /login"}],"stop_reason":"stop_sequence"},"error":"authentication_failed","is_api_error_message":true}""")!.AsObject(),
                JsonNode.Parse("""{"type":"result","subtype":"success","is_error":true,"api_error_status":null,"result":"Not logged in · Please run /login"}""")!.AsObject());
            return 1;
        }
        else if (!folder.Has("hang"))
        {
            while (folder.Has("wait") && !folder.MayGoOn)
            {
                await Task.Delay(5);
            }

            // In one piece: what follows an answer is waited for a short while only.
            List<JsonObject> lines = [.. Events().Select(Wrapped)];
            if (folder.Has("limits"))
            {
                lines.Add(JsonNode.Parse("""{"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning","resetsAt":4102444800,"rateLimitType":"five_hour","utilization":0.93,"isUsingOverage":false,"unifiedWindows":{"five_hour":{"utilization":0.93,"resetsAt":4102444800,"status":"allowed_warning"},"seven_day":{"utilization":0.2,"resetsAt":4102444800,"status":"allowed"}}}}""")!.AsObject());
            }

            lines.Add(Result());
            Say([.. lines]);
        }

        return null;
    }

    private List<JsonObject> Events() =>
    [
        .. new[]
        {
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"""
                + JsonValue.Create(model).ToJsonString()
                + ""","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":11,"cache_creation_input_tokens":22,"cache_read_input_tokens":33,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""" + JsonValue.Create(folder.Value("text") ?? "Hello from the stand-in.").ToJsonString() + "}}",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":11,"cache_creation_input_tokens":22,"cache_read_input_tokens":33,"output_tokens":42}}""",
            """{"type":"message_stop"}""",
        }.Select(static text => JsonNode.Parse(text)!.AsObject()),
    ];

    /// <summary>Asks the API as the program does, and passes its events on.</summary>
    private async Task CallAsync(Uri url)
    {
        var bytes = Encoding.UTF8.GetBytes(Body().ToJsonString());
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/messages?beta=true HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\nUser-Agent: claude-cli/2.1.330 (external, sdk-cli, client-app/{ClientApp})\r\nx-api-key: dummy\r\nanthropic-version: 2023-06-01\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(bytes);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line["data: ".Length..]) is JsonObject one)
            {
                Say(Wrapped(one));
            }
        }

        Say(Result());
    }

    private JsonObject Body()
    {
        var body = new JsonObject { ["model"] = model, ["messages"] = messages.DeepClone(), ["system"] = system.DeepClone(), ["tools"] = tools.DeepClone(), ["stream"] = true };
        var environment = settings["env"] as JsonObject ?? [];
        if ((string?)environment["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] is { } most)
        {
            body["max_tokens"] = int.Parse(most, System.Globalization.CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in (string?)environment["CLAUDE_CODE_EXTRA_BODY"] is { } extra ? JsonNode.Parse(extra)!.AsObject() : [])
        {
            body[name] = value?.DeepClone();
        }

        return body;
    }

#pragma warning disable RS0030
    private static string? ClientApp => Environment.GetEnvironmentVariable("CLAUDE_AGENT_SDK_CLIENT_APP");
#pragma warning restore RS0030

    private static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    private static JsonObject Wrapped(JsonObject one) => new() { ["type"] = "stream_event", ["event"] = one, ["session_id"] = "s", ["parent_tool_use_id"] = null };

    private static JsonObject Result() => new() { ["type"] = "result", ["subtype"] = "success", ["is_error"] = false, ["num_turns"] = 1, ["stop_reason"] = "end_turn", ["result"] = "" };

    private static void Say(params ReadOnlySpan<JsonObject> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line.ToJsonString()).Append('\n');
        }

        Console.Out.Write(text.ToString());
        Console.Out.Flush();
    }
}
