using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Families;

/// <summary>Agents with tools, requests on the side, requests that have nothing in common.</summary>
internal static class WorkFamilies
{
    /// <summary>An agent: each turn takes one to twelve rounds of tools, with one to four calls in each.</summary>
    public static IReadOnlyList<TraceRequest> AgentLoop(ChatStage stage)
    {
        foreach (var name in (string[])["read_file", "write_file", "list_files", "search", "run"])
        {
            stage.Body.Tools.Add($$$"""{"name":"{{{name}}}","description":"{{{stage.Prose.Of(60).ReplaceLineEndings(" ")}}}","input_schema":{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}}""");
        }

        var calls = 0;
        for (var turn = 0; turn < 14; turn++)
        {
            stage.Body.Messages.Add(new ChatMessage(isUser: true, stage.Prose.UserTurn()));
            for (var rounds = stage.Dice.Between(1, 12); rounds > 0; rounds--)
            {
                var asked = Enumerable.Range(calls, stage.Dice.Between(1, 4)).ToArray();
                calls += asked.Length;
                stage.Send(stage.Body, "tools", stage.Prose.Of(20));
                stage.Body.Messages.Add(new ChatMessage(IsUser: false, [ChatBlock.Text(stage.Prose.Of(12)), .. asked.Select(call => ChatBlock.Call(call, stage.Prose.Of(3)))]));
                stage.Body.Messages.Add(new ChatMessage(IsUser: true, [.. asked.Select(call => ChatBlock.Result(call, stage.Prose.Of(stage.Dice.Between(20, 400))))]));
                stage.Wait(Math.Clamp(stage.Dice.LogNormal(2, 0.8), 0.2, 60));
            }

            var reply = stage.Prose.Answer();
            stage.Send(stage.Body, "send", reply);
            stage.Body.Messages.Add(new ChatMessage(isUser: false, reply));
            stage.Think();
        }

        return stage.Sent;
    }

    /// <summary>A chat with requests on the side: summaries that share all of it, titles and moods that share nothing.</summary>
    public static IReadOnlyList<TraceRequest> SideCalls(ChatStage stage)
    {
        var (summarize, mood) = (stage.Prose.Of(40), stage.Prose.Of(90));
        for (var turn = 0; turn < 60; turn++)
        {
            stage.Turn();
            stage.Wait(1);
            var side = stage.Body.Copy();
            if (turn % 8 == 7)
            {
                side.Messages.Add(new ChatMessage(isUser: true, summarize));
                stage.Send(side, "quiet:summarize", stage.Prose.Answer());
            }
            else if (stage.Dice.Chance(0.4))
            {
                side.System.Clear();
                side.System.Add(mood);
                side.Messages.Clear();
                side.Messages.Add(new ChatMessage(IsUser: true, [stage.Body.Messages[^1].Blocks[0], ChatBlock.Text("What does the character feel?")]));
                stage.Send(side, "quiet:gen", stage.Prose.Of(3));
            }

            stage.Think();
        }

        return stage.Sent;
    }

    /// <summary>Prompts that have nothing in common, not even the system prompt.</summary>
    public static IReadOnlyList<TraceRequest> OneOffs(ChatStage stage)
    {
        for (var request = 0; request < 60; request++)
        {
            var body = new ChatBody();
            body.System.Add(stage.Prose.Of(stage.Dice.Between(50, 3000)));
            body.Messages.Add(new ChatMessage(isUser: true, stage.Prose.Of(stage.Dice.Between(30, 3000))));
            stage.Send(body, "send", stage.Prose.Answer());
            stage.Think();
        }

        return stage.Sent;
    }
}
