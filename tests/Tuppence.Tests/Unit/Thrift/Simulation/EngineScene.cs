using System.Text;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift.Simulation;

/// <summary>A simulated cache and requests in few words: a block of text has 100 tokens, a message's border 8.</summary>
internal sealed class EngineScene(CacheEngineOptions? options = null)
{
    private readonly PromptReader reader = new(ByteTokenCounter.Instance, ModelTable.Default);

    /// <summary>The cache.</summary>
    public CacheEngine Engine { get; } = new(options ?? new CacheEngineOptions());

    /// <summary>A body with so many system blocks, and a message of 8 and 100 tokens.</summary>
    /// <param name="blocks">How many.</param>
    /// <param name="marks">Places counted from 1 as the documents do, with <c>5m</c> or <c>1h</c>.</param>
    public static string System(int blocks, params (int Place, string Ttl)[] marks) => System(Enumerable.Range(1, blocks).Select(static i => $"block {i}"), marks);

    /// <summary>The same with blocks that say something of their own.</summary>
    public static string System(IEnumerable<string> texts, params (int Place, string Ttl)[] marks) =>
        $$"""{"model":"claude-sonnet-5","system":[{{string.Join(',', texts.Select((text, i) => Text(text, marks.FirstOrDefault(mark => mark.Place == i + 1).Ttl)))}}],"messages":[{{Message("user", Text("Go on"))}}]}""";

    /// <summary>A text block of 100 tokens.</summary>
    public static string Text(string text, string? ttl = null) => $$"""{"type":"text","text":"{{text.PadRight(345, '.')}}"{{Mark(ttl)}}}""";

    /// <summary>The member <c>cache_control</c> with a comma before it; nothing where there is no life.</summary>
    public static string Mark(string? ttl) => ttl is null ? "" : $",\"cache_control\":{{\"type\":\"ephemeral\",\"ttl\":\"{ttl}\"}}";

    /// <summary>A message.</summary>
    public static string Message(string role, params string[] blocks) => $$"""{"role":"{{role}}","content":[{{string.Join(',', blocks)}}]}""";

    /// <summary>A body with messages alone.</summary>
    public static string Chat(string settings, params string[] messages) => $$"""{"model":"claude-sonnet-5",{{settings}}"messages":[{{string.Join(',', messages)}}]}""";

    /// <summary>Serves a request that starts so many seconds after the beginning.</summary>
    public CacheOutcome At(double seconds, string body, int minTokens = 0, string scope = "workspace")
    {
        var prompt = new Prompt();
        Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(body), prompt), body);
        return Engine.Serve(new CacheStep(scope, prompt, prompt.Breakpoints, prompt.Automatic, minTokens, DateTimeOffset.UnixEpoch.AddSeconds(seconds)));
    }

    /// <summary>The tokens read by a request.</summary>
    public int Read(double seconds, string body, int minTokens = 0, string scope = "workspace") => At(seconds, body, minTokens, scope).Bill.Read;
}
