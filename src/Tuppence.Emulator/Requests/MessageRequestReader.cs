using System.Runtime.InteropServices;
using System.Text.Json;
using Tuppence.Emulator.Models;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Emulator.Requests;

/// <summary>Turns a body into a <see cref="MessageRequest"/>, or into the API's answer to its first fault.</summary>
internal sealed class MessageRequestReader(IEmulatedModels models)
{
    private readonly PromptReader prompts = new(new PromptTokens(), ModelTable.Default);

    /// <summary>Shape first, then the model, then what that model takes.</summary>
    public (MessageRequest? Request, ApiError? Error) Read(JsonElement root, RequestContext context)
    {
        var shape = root.ValueKind == JsonValueKind.Object
            ? Required(root, context) ?? Members.Check(root, context) ?? ConversationRules.CheckShape(root.GetProperty("messages"), context) ?? System(root)
            : ApiError.Invalid("Input should be a valid dictionary or object");
        if (shape is not null)
        {
            return (null, shape);
        }

        var name = root.Text("model"u8)!;
        if (models.Find(name) is not { } model)
        {
            return (null, ApiError.NotFound($"model: {name}"));
        }

        var (thinking, thinkingError) = ThinkingRules.Read(root, model, context);
        var (tools, toolsError) = ToolRules.ReadTools(root);
        var (choice, choiceError) = ToolRules.ReadChoice(root, tools, model, thinking);
        var (stops, stopsError) = StopSequences(root);
        var error = Limit(root, model)
            ?? thinkingError
            ?? SamplingRules.Check(root, model, thinking.On)
            ?? toolsError
            ?? choiceError
            ?? stopsError
            ?? ConversationRules.CheckModel(root.GetProperty("messages"), model)
            ?? WarmingOnly(root, thinking, choice);
        if (error is not null)
        {
            return (null, error);
        }

        var prompt = new Prompt();
        if (!prompts.TryRead(JsonMarshal.GetRawUtf8Value(root).ToArray(), prompt, JsonBody.MaxDepth))
        {
            return (null, ApiError.Invalid("The request body has more than one reading: a member stands twice in an object."));
        }

        if (BreakpointShape.Check(root, prompt) is { } breakpoints)
        {
            return (null, breakpoints);
        }

        if (prompt.Tokens > model.Context)
        {
            return (null, ApiError.Invalid($"prompt is too long: {prompt.Tokens} tokens > {model.Context} maximum"));
        }

        return (new()
        {
            Root = root,
            Model = model,
            MaxTokens = root.Member("max_tokens"u8)?.Whole() ?? model.MaxOutput,
            Stream = root.Member("stream"u8).IsTrue(),
            InferenceGeo = root.Text("inference_geo"u8),
            StopSequences = stops,
            Thinking = thinking with { On = thinking.On && !choice.Forces },
            Tools = tools,
            ToolChoice = choice,
            Conversation = Conversation.Read(root.GetProperty("messages")),
            Prompt = prompt,
        }, null);
    }

    private static ApiError? Required(JsonElement root, RequestContext context)
    {
        if (root.Member("model"u8) is not { } model)
        {
            return ApiError.Invalid("model: Field required");
        }

        if (model.ValueKind != JsonValueKind.String)
        {
            return ApiError.Invalid("model: Input should be a valid string");
        }

        if (model.ValueEquals(""))
        {
            return ApiError.Invalid("model: String should have at least 1 character");
        }

        if (!context.Counting)
        {
            switch (root.Member("max_tokens"u8))
            {
                case null:
                    return ApiError.Invalid("max_tokens: Field required");
                case { } value when value.Whole() is null:
                    return ApiError.Invalid("max_tokens: Input should be a valid integer");
                case { } value when value.Whole() < 0:
                    return ApiError.Invalid("max_tokens: Input should be greater than or equal to 0");
            }
        }

        return root.Member("messages"u8) is null ? ApiError.Invalid("messages: Field required")
            : root.Member("stream"u8) is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } ? ApiError.Invalid("stream: Input should be a valid boolean")
            : null;
    }

    private static ApiError? System(JsonElement root)
    {
        if (root.Member("system"u8) is not { ValueKind: not JsonValueKind.String } system)
        {
            return null;
        }

        if (system.ValueKind != JsonValueKind.Array)
        {
            return ApiError.Invalid("system: Input should be a valid string or list");
        }

        var index = 0;
        foreach (var block in system.EnumerateArray())
        {
            if (block.Text("type"u8) != "text" || block.Text("text"u8) is null)
            {
                return ApiError.Invalid($"system.{index}: Input should be a text block with a `text` member");
            }

            if (block.Text("text"u8)!.Length == 0)
            {
                return ApiError.Invalid("system: text content blocks must be non-empty");
            }

            index++;
        }

        return null;
    }

    private static ApiError? Limit(JsonElement root, EmulatedModel model) =>
        root.Member("max_tokens"u8)?.Whole() is { } tokens && tokens > model.MaxOutput
            ? ApiError.Invalid($"max_tokens: {tokens} > {model.MaxOutput}, which is the maximum allowed number of output tokens for {model.Id}")
            : null;

    private static (IReadOnlyList<string> Stops, ApiError? Error) StopSequences(JsonElement root) => root.Member("stop_sequences"u8) switch
    {
        null => ([], null),
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            list.EnumerateArray().Any(item => string.IsNullOrWhiteSpace(item.GetString()))
                ? ([], ApiError.Invalid("stop_sequences: each stop sequence must contain non-whitespace"))
                : ([.. list.EnumerateArray().Select(item => item.GetString()!)], null),
        _ => ([], ApiError.Invalid("stop_sequences: Input should be a valid list of strings")),
    };

    // max_tokens 0 warms the prompt cache and answers nothing; what needs an answer contradicts it.
    private static ApiError? WarmingOnly(JsonElement root, Thinking thinking, ToolChoice choice) =>
        root.Member("max_tokens"u8)?.Whole() != 0 ? null
        : root.Member("stream"u8).IsTrue() ? ApiError.Invalid("max_tokens: 0 is not supported with `stream`: true")
        : thinking.Budget is not null ? ApiError.Invalid("max_tokens: 0 is not supported with thinking.type \"enabled\"")
        : root.Member("output_config"u8) is { } config && config.Member("format"u8) is not null ? ApiError.Invalid("max_tokens: 0 is not supported with structured output")
        : choice.Forces ? ApiError.Invalid("max_tokens: 0 is not supported when tool_choice forces tool use")
        : null;
}
