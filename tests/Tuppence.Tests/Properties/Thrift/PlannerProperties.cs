using System.Text;
using CsCheck;
using Tuppence.Tests.Unit.Thrift;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Properties.Thrift;

public sealed class PlannerProperties
{
    private static readonly string[] Blocks =
    [
        """{"type":"text","text":"§"}""",
        """{"text":"§","type":"text","cache_control":{"type":"ephemeral"}}""",
        """{ "cache_control" : {"type":"ephemeral","ttl":"1h"} , "type":"text" , "text":"§" }""",
        """{"type":"text","text":""}""",
        """{"type":"thinking","thinking":"§","signature":"x"}""",
        """{"type":"tool_use","id":"i","name":"n","input":{"a":"§"}}""",
        """{"type":"tool_result","tool_use_id":"i","content":[{"type":"text","text":"§","cache_control":{"type":"ephemeral"}}]}""",
        """{"type":"tool_result","tool_use_id":"i","content":"§","cache_control":null}""",
        """{"type":"image","source":{"type":"url","url":"https://example.org/§"}}""",
    ];

    /// <summary>Requests of a few wild conversations: each is a list of block kinds and texts, cut and grown from request to request.</summary>
    private static readonly Gen<(byte[] Body, double Minutes)[]> Traffic =
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 6], Gen.Int[1, 700]).Array[1, 24].Select(static shape => shape)
            .SelectMany(static material => Gen.Select(Gen.Int[0, 24], Gen.Int[0, 24], Gen.Int[0, 3], Gen.Double[0.01, 90]).Array[1, 16].Select(requests =>
            {
                var now = 0.0;
                return requests.Select(request =>
                {
                    now += request.Item4 < 60 ? request.Item4 / 20 : request.Item4;
                    return (Body(material, request.Item1, request.Item2, request.Item3), now);
                }).ToArray();
            }));

    [Fact]
    public void No_planned_request_is_ever_rejected_and_no_text_changes() => Traffic.Sample(
        static traffic =>
        {
            var stage = new ThriftStage();
            foreach (var (body, minutes) in traffic)
            {
                stage.Send(body, minutes);
                using var again = stage.Planner.Plan(body, ThriftBodies.Context(minutes + 0.001));
                var bytes = new byte[again.Length];
                again.CopyTo(bytes);
                stage.Planner.Abandon(again.Turn!);
                Assert.Equal(Bare(body), Bare(bytes));
            }
        },
        iter: 400);

    [Fact]
    public void The_cost_stays_below_no_caching_and_the_credit() => Traffic.Sample(
        static traffic =>
        {
            var stage = new ThriftStage();
            foreach (var (body, minutes) in traffic)
            {
                stage.Send(body, minutes);
                Assert.True(stage.Cost <= stage.Uncached + Credit(stage.Uncached), $"{stage.Cost} nano-dollars, {stage.Uncached} without caching, {Credit(stage.Uncached):F0} of credit");
            }
        },
        iter: 400);

    [Fact]
    public void Prompts_that_never_come_again_cost_no_more_than_the_credit_and_8000_tokens_in_millions()
    {
        var stage = new ThriftStage();
        for (var i = 0; i < 800; i++)
        {
            Assert.True(stage.Cost <= stage.Uncached + (8000 * ThriftBodies.Prices.Input));
            stage.Send(ThriftBodies.Chat([ThriftBodies.Text($"prompt{i}", 3000)], [ThriftBodies.Text($"question{i}", 500)]), i);
            Assert.True(stage.Cost <= stage.Uncached + Credit(stage.Uncached));
        }
    }

    private static double Credit(long uncached)
    {
        var input = ThriftBodies.Prices.Input;
        var first = Math.Min(uncached, SpendingGuard.FirstTokens * input);
        return (SpendingGuard.CreditTokens * input) + (SpendingGuard.CreditShare * first) + (SpendingGuard.LaterShare * (uncached - first));
    }

    [Fact]
    public void Requests_at_once_do_not_disturb_each_other()
    {
        var planner = new Planner(new PlannerOptions());
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, worker =>
        {
            var prompt = new Prompt();
            for (var turn = 1; turn < 40; turn++)
            {
                var messages = Enumerable.Range(0, (turn * 2) - 1).Select(i => ThriftBodies.Text($"w{worker}m{i}", 80));
                using var plan = planner.Plan(ThriftBodies.Chat([ThriftBodies.Text("shared", 1500)], messages), ThriftBodies.Context(turn));
                var bytes = new byte[plan.Length];
                plan.CopyTo(bytes);
                Assert.True(new PromptReader(ByteTokenCounter.Instance, Tuppence.Messages.Models.ModelTable.Default).TryRead(bytes, prompt));
                Assert.Null(BreakpointRules.Check(prompt.Blocks, prompt.Breakpoints, prompt.Automatic, new Breakpoint[BreakpointRules.Most], out _));
                if (turn % 5 == 0)
                {
                    planner.Abandon(plan.Turn!);
                }
                else
                {
                    planner.Settle(plan.Turn!, plan.Turn!.Forecast);
                }
            }
        });
    }

    private static byte[] Body((int Kind, int Text, int Tokens)[] material, int take, int changed, int lastTokens)
    {
        var json = new StringBuilder("""{"model":"m","max_tokens":5,"system":[{"type":"text","text":""").Append('"').Append(ThriftBodies.Text("sys", 900)).Append("\"}],\"messages\":[");
        var count = Math.Min(take + 1, material.Length);
        for (var i = 0; i < count; i++)
        {
            var (kind, text, tokens) = material[i];
            var said = ThriftBodies.Text($"t{(i == changed ? text + 100 : text)}", tokens + (i == count - 1 ? lastTokens : 0)).Trim();
            var block = Blocks[kind].Replace("§", said, StringComparison.Ordinal);
            json.Append(i == 0 ? "" : ",").Append("{\"role\":\"").Append(i % 2 == 0 ? "user" : "assistant").Append("\",\"content\":");
            json.Append(kind == 0 && text == 3 ? "\"" + said + "\"" : "[" + block + "]").Append('}');
        }

        return Encoding.UTF8.GetBytes(json.Append(changed == 5 ? "],\"cache_control\":{\"type\":\"ephemeral\"}}" : "]}").ToString());
    }

    /// <summary>A body without any cache_control and without the difference between a string and a block of text.</summary>
    private static string Bare(byte[] body)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(body)!;
        Strip(node);
        return node.ToJsonString();
    }

    private static void Strip(System.Text.Json.Nodes.JsonNode? node)
    {
        if (node is System.Text.Json.Nodes.JsonArray array)
        {
            foreach (var item in array)
            {
                Strip(item);
            }
        }
        else if (node is System.Text.Json.Nodes.JsonObject members)
        {
            members.Remove("cache_control");
            if (members["role"] is not null && members["content"] is System.Text.Json.Nodes.JsonValue text)
            {
                members["content"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["type"] = "text", ["text"] = text.GetValue<string>() });
            }

            foreach (var (_, value) in members.ToList())
            {
                Strip(value);
            }
        }
    }
}
