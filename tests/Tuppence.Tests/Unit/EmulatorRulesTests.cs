using System.Text;
using Tuppence.Emulator.Models;
using Tuppence.Emulator.Requests;

namespace Tuppence.Tests.Unit;

/// <summary>Each row a request and the API's answer to it. H, O and S stand for an old model, a new one and one between.</summary>
public sealed class EmulatorRulesTests
{
    private const string H = "claude-haiku-4-5";
    private const string O = "claude-opus-5-5";
    private const string S = "claude-sonnet-4-6";
    private const string Hi = """[{"role":"user","content":"Hi"}]""";

    private static readonly MessageRequestReader Reader = new(new EmbeddedModels());

    [Theory]
    [InlineData("""[]""", "Input should be a valid dictionary or object")]
    [InlineData("""{"max_tokens":1,"messages":[]}""", "model: Field required")]
    [InlineData("""{"model":"","max_tokens":1,"messages":[]}""", "model: String should have at least 1 character")]
    [InlineData("""{"model":"x","messages":[]}""", "max_tokens: Field required")]
    [InlineData("""{"model":"x","max_tokens":"5","messages":[]}""", "max_tokens: Input should be a valid integer")]
    [InlineData("""{"model":"x","max_tokens":-1,"messages":[]}""", "max_tokens: Input should be greater than or equal to 0")]
    [InlineData("""{"model":"x","max_tokens":1}""", "messages: Field required")]
    [InlineData("""{"model":"x","max_tokens":1,"messages":[]}""", "messages: at least one message is required")]
    [InlineData("""{"model":"x","max_tokens":1,"messages":{}}""", "messages: Input should be a valid list")]
    [InlineData("""{"model":"x","max_tokens":1,"messages":[],"extra_body":{}}""", "extra_body: Extra inputs are not permitted")]
    [InlineData("""{"model":"x","max_tokens":1,"messages":[],"context_management":{}}""", "context_management: Extra inputs are not permitted")]
    [InlineData("""{"model":"x","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}""", "model: x")]
    [InlineData("""{"model":"claude-opus-4-20250514","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}""", "model: claude-opus-4-20250514")]
    public void A_body_is_refused_for_its_shape(string body, string expected) => Refused(body, expected);

    [Theory]
    [InlineData("""[{"content":"Hi"}]""", "messages.0.role: Field required")]
    [InlineData("""[{"role":"tool","content":"Hi"}]""", "messages: Unexpected role \"tool\". Allowed roles are \"user\" or \"assistant\"")]
    [InlineData("""[{"role":"user"}]""", "messages.0.content: Field required")]
    [InlineData("""[{"role":"user","content":""}]""", "messages.0: user messages must have non-empty content")]
    [InlineData("""[{"role":"user","content":[]}]""", "messages.0: user messages must have non-empty content")]
    [InlineData("""[{"role":"assistant","content":""},{"role":"user","content":"Hi"}]""", "messages.0: all messages must have non-empty content except for the optional final assistant message")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":""}]}]""", "messages: text content blocks must be non-empty")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":" \n"}]}]""", "messages: text content blocks must contain non-whitespace text")]
    [InlineData("""[{"role":"user","content":[{"type":"text"}]}]""", "messages.0.content.0.text.text: Field required")]
    [InlineData("""[{"role":"user","content":[{"type":"video"}]}]""", "messages.0.content.0: Input tag 'video' found using 'type' does not match any of the expected tags: 'text', 'image', 'document', 'search_result', 'tool_result', 'container_upload'")]
    [InlineData("""[{"role":"user","content":[{"type":"image"}]}]""", "messages.0.content.0.image.source: Field required")]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"Ha "}]""", "messages: final assistant content cannot end with trailing whitespace")]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"system","content":"Be brief"}]""", "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.")]
    [InlineData("""[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"}]}]""", "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t1. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.")]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"n","input":{}}]},{"role":"user","content":"Hi"}]""", "messages.0: `tool_use` ids were found without `tool_result` blocks immediately after: t1. Each `tool_use` block must have a corresponding `tool_result` block in the next message.")]
    [InlineData("""[{"role":"assistant","content":[{"type":"thinking","thinking":"Hm"}]},{"role":"user","content":"Hi"}]""", "messages.0.content.0.thinking.signature: Field required")]
    [InlineData("""[{"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"no!"}]},{"role":"user","content":"Hi"}]""", "messages.0.content.0: Invalid `signature` in `thinking` block")]
    public void A_conversation_is_refused_for_its_content(string messages, string expected) => Refused(Body(H, messages, ""), expected);

    [Theory]
    [InlineData(H, "\"temperature\":1.2", "temperature: Input should be less than or equal to 1")]
    [InlineData(H, "\"temperature\":\"hot\"", "temperature: Input should be a valid number")]
    [InlineData(H, "\"temperature\":0.5,\"top_p\":0.9", "`temperature` and `top_p` cannot both be specified for this model. Please use only one.")]
    [InlineData(O, "\"temperature\":0.5", "`temperature` is deprecated for this model.")]
    [InlineData(O, "\"top_p\":0.5", "`top_p` is deprecated for this model.")]
    [InlineData(O, "\"top_k\":0", "`top_k` is deprecated for this model.")]
    [InlineData(S, "\"thinking\":{\"type\":\"adaptive\"},\"temperature\":0.5", "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.")]
    [InlineData(O, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.")]
    [InlineData(O, "\"thinking\":{\"type\":\"disabled\"}", "\"thinking.type.disabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.")]
    [InlineData("claude-opus-5", "\"thinking\":{\"type\":\"disabled\"},\"output_config\":{\"effort\":\"max\"}", "\"thinking.type.disabled\" is not supported with \"output_config.effort\": \"max\" for this model.")]
    [InlineData(H, "\"thinking\":{\"type\":\"adaptive\"}", "adaptive thinking is not supported on this model")]
    [InlineData(H, "\"thinking\":{}", "thinking.type: Field required")]
    [InlineData(H, "\"thinking\":{\"type\":\"enabled\"}", "thinking.enabled.budget_tokens: Field required")]
    [InlineData(H, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1023}", "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")]
    [InlineData(H, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4000}", "`max_tokens` must be greater than `thinking.budget_tokens`.")]
    [InlineData(S, "\"output_config\":{\"effort\":\"xhigh\"}", "output_config.effort: \"xhigh\" is not supported for this model. Use one of: low, medium, high, max.")]
    [InlineData(H, "\"output_config\":{\"effort\":\"low\"}", "This model does not support the effort parameter.")]
    [InlineData(H, "\"tool_choice\":{\"type\":\"any\"}", "tool_choice: tool_choice may only be specified while providing tools")]
    [InlineData(O, "\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"any\"}", "tool_choice: type \"tool\" and \"any\" are not supported for this model.")]
    [InlineData(H, "\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"tool\",\"name\":\"u\"}", "Tool 'u' not found in provided tools")]
    [InlineData(H, "\"tools\":[{\"name\":\"a b\",\"input_schema\":{\"type\":\"object\"}}]", "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")]
    [InlineData(H, "\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}},{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}]", "tools: Tool names must be unique.")]
    [InlineData(H, "\"stop_sequences\":[\" \"]", "stop_sequences: each stop sequence must contain non-whitespace")]
    [InlineData(H, "\"system\":[{\"type\":\"text\",\"text\":\"\"}]", "system: text content blocks must be non-empty")]
    public void A_member_is_refused_for_the_model(string model, string members, string expected) => Refused(Body(model, Hi, "," + members), expected);

    [Fact]
    public void More_output_than_the_model_has_is_refused() =>
        Refused(Body(H, Hi, "").Replace("4000", "64001", StringComparison.Ordinal), "max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001");

    [Theory]
    [InlineData("\"temperature\":1.0", "temperature: Extra inputs are not permitted")]
    [InlineData("\"top_p\":1", "top_p: Extra inputs are not permitted")]
    [InlineData("\"top_k\":5", "top_k: Extra inputs are not permitted")]
    public void The_new_version_knows_no_sampling_members(string member, string expected)
    {
        Refused(Body(S, Hi, "," + member), expected, ApiVersion.V20261021);
        Accepted(Body(S, Hi, "," + member), ApiVersion.V20230601);
    }

    [Theory]
    [InlineData("""[{"role":"assistant","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"x"}}]},{"role":"user","content":"Hi"}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"Hi","citations":[{"type":"char_location"}]}]}]""")]
    public void The_new_version_is_stricter_about_content(string messages)
    {
        Accepted(Body(S, messages, ""), ApiVersion.V20230601);
        Assert.NotNull(Read(Body(S, messages, ""), ApiVersion.V20261021).Error);
    }

    [Theory]
    [InlineData(H, """[{"role":"assistant","content":"Greetings"},{"role":"user","content":"Hi"},{"role":"user","content":"Still there?"}]""", "")]
    [InlineData(H, """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Ha"}]""", "")]
    [InlineData(H, Hi, ",\"stop_sequences\":[],\"temperature\":0.7,\"top_k\":0,\"stream\":false,\"system\":[{\"type\":\"text\",\"text\":\"S\"}]")]
    [InlineData(O, """[{"role":"user","content":"Hi"},{"role":"system","content":"Be brief"}]""", ",\"temperature\":1,\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}")]
    [InlineData("claude-opus-5", Hi, ",\"thinking\":{\"type\":\"disabled\"},\"output_config\":{\"effort\":\"low\"}")]
    [InlineData(H, Hi, ",\"cache_control\":{\"type\":\"ephemeral\"},\"metadata\":{\"user_id\":\"u\"},\"service_tier\":\"auto\"")]
    public void What_front_ends_send_is_accepted(string model, string messages, string members) => Accepted(Body(model, messages, members), ApiVersion.V20230601);

    [Theory]
    [InlineData("mid-conversation-output-config-2026-07-01", """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Ha"},{"role":"system","content":[],"output_config":{"effort":"low"}},{"role":"user","content":"Ho"}]""")]
    [InlineData("per-turn-control-2026-07-01", """[{"role":"user","content":"Hi"},{"role":"system","content":[],"output_config":{"effort":"low"}},{"role":"assistant","content":"Ha"},{"role":"user","content":"Ho"},{"role":"system","content":"Be brief"}]""")]
    public void A_message_may_change_the_effort_where_the_beta_and_the_model_allow_it(string beta, string messages)
    {
        Assert.Null(Read(Body(O, messages, ""), ApiVersion.V20230601, beta).Error?.Message);
        Assert.Equal("messages.%: system messages must have non-empty content".Replace("%", beta[0] == 'm' ? "2" : "1", StringComparison.Ordinal), Read(Body(O, messages, ""), ApiVersion.V20230601).Error?.Message);
        Assert.StartsWith("messages: Unexpected role \"system\".", Read(Body(S, messages, ""), ApiVersion.V20230601, beta).Error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The request body is not valid JSON: the body is empty")]
    [InlineData("{\"a\":}", "The request body is not valid JSON: line 1 column 6")]
    [InlineData("{\"a\":\"\\ud800\"}", "The request body is not valid JSON: no low surrogate in string: char 5")]
    public void What_is_not_JSON_is_refused(string body, string expected) =>
        Assert.Equal(expected, JsonBody.Parse(Encoding.UTF8.GetBytes(body)).Error!.Message);

    [Theory]
    [InlineData(O, "This model does not support assistant message prefill. The conversation must end with a user message.")]
    [InlineData(S, "This model does not support assistant message prefill. The conversation must end with a user message.")]
    public void Prefill_is_refused_where_the_model_cannot(string model, string expected) =>
        Refused(Body(model, """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Ha"}]""", ""), expected);

    private static string Body(string model, string messages, string members) => $$"""{"model":"{{model}}","max_tokens":4000,"messages":{{messages}}{{members}}}""";

    private static void Refused(string body, string expected, string version = ApiVersion.V20230601) =>
        Assert.Equal(expected, Read(body, version).Error?.Message);

    private static void Accepted(string body, string version) => Assert.Null(Read(body, version).Error?.Message);

    private static (MessageRequest? Request, Tuppence.Emulator.ApiError? Error) Read(string body, string version, params string[] betas) =>
        Reader.Read(JsonBody.Parse(Encoding.UTF8.GetBytes(body)).Document!.RootElement, new(version, betas, Counting: false));
}
