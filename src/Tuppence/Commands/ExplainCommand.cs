using System.CommandLine;
using System.Text;
using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Commands;

/// <summary>
/// <c>tuppence explain</c>: asks the running gateway what its conversations cost, and why; or, given requests in files, shows what would
/// be done to the last of them.
/// </summary>
internal sealed class ExplainCommand(Terminal terminal, TimeProvider time)
{
    public static Command Describe(SettingFlags settings, Terminal terminal, Func<IReadOnlyList<FlagSetting>, string?, ConfigurationSource> source, TimeProvider time)
    {
        var files = new Argument<string[]>("REQUEST...") { Description = "Files with the bodies of Messages requests, those of one conversation in their order; the last one is shown. Left out: the running gateway is asked.", Arity = ArgumentArity.ZeroOrMore };
        var level = new Option<string>("--level") { Description = $"Level to plan the files at: {LevelNames.Words}. Default markers.", HelpName = "LEVEL" };
        var json = new Option<bool>("--json") { Description = "Print as JSON." };
        var command = new Command("explain", "Tells what prompts cost and why; or what would be done to the request in a file.") { files, level, json };
        settings.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var explain = new ExplainCommand(terminal, time);
            if (parsed.GetValue(files) is { Length: > 0 } given)
            {
                return explain.ExplainFiles(given, parsed.GetValue(level), parsed.GetValue(json));
            }

            var result = source(settings.Read(parsed), settings.ConfigFile(parsed)).Load(listens: false);
            if (result.Loaded is not { } loaded)
            {
                ErrorReport.Write(terminal.Error, result.Errors, "Which gateway to ask is not known.", terminal.Alarm);
                return ExitCode.Config;
            }

            return await explain.ExplainGatewayAsync(loaded.Config, parsed.GetValue(json), stop);
        });
        return command;
    }

    private int ExplainFiles(string[] files, string? word, bool asJson)
    {
        if ((word is null ? CacheLevel.Markers : LevelNames.Parse(word)) is not { } level)
        {
            return Wrong($"“{word}” is no level. There are: {LevelNames.Words}.");
        }

        var bodies = new List<byte[]>();
        foreach (var file in files)
        {
            try
            {
                bodies.Add(File.ReadAllBytes(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Wrong($"{file} cannot be read: {e.Message}");
            }
        }

        if (ExplainedRequest.Of(bodies, level, time) is not { } explained)
        {
            return Wrong($"{files[^1]} is not the body of a Messages request that could be planned at the level {LevelNames.NameOf(level)}.");
        }

        terminal.Output.Write(asJson ? explained.ToJson() + Environment.NewLine : explained.ToText(terminal));
        return ExitCode.Success;
    }

    private async Task<int> ExplainGatewayAsync(GatewayConfig config, bool asJson, CancellationToken stop)
    {
        var (_, body, problem) = await new RunningGateway(config, time).GetAsync("/tuppence/cache", stop);
        if (problem is not null)
        {
            return Wrong(problem + ".");
        }

        if (asJson)
        {
            terminal.Output.WriteLine(Encoding.UTF8.GetString(body.Span));
            return ExitCode.Success;
        }

        using var page = JsonDocument.Parse(body);
        var root = page.RootElement;
        var conversations = root.GetProperty("conversations");
        if (conversations.GetArrayLength() == 0)
        {
            terminal.Output.WriteLine(root.GetProperty("remembered").GetBoolean()
                ? $"No request has been planned yet (cache.level is {root.GetProperty("level").GetString()})."
                : "Nothing is remembered: cache.remembered_turns is 0.");
            return ExitCode.Success;
        }

        // The latest last, where a person looks first.
        foreach (var conversation in conversations.EnumerateArray().Reverse())
        {
            Tell(conversation);
        }

        return ExitCode.Success;
    }

    private void Tell(JsonElement conversation)
    {
        long Of(string name) => conversation.GetProperty(name).GetInt64();
        var output = terminal.Output;
        var tokens = Of("tokens");
        output.WriteLine(terminal.Strong($"Conversation {Of("id")}") + $"  {conversation.GetProperty("model").GetString()} at {conversation.GetProperty("upstream").GetString()}, {Of("turns")} turns, latest {conversation.GetProperty("latest").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        output.WriteLine($"  spent {Money.Format(Of("spent"))} for input{(Of("pings") == 0 ? "" : $", of it {Money.Format(Of("ping_cost"))} for {Of("pings")} pings")}; without caching {Money.Format(Of("without_caching"))}; "
            + (conversation.GetProperty("lower_bound_holds").GetBoolean() ? $"no placement could have cost less than {Money.Format(Of("lower_bound"))}; " : "")
            + $"{(tokens == 0 ? 0 : 100 * Of("read_tokens") / tokens)} % read from the cache");
        foreach (var turn in conversation.GetProperty("recent").EnumerateArray())
        {
            output.WriteLine("  " + turn.GetProperty("line").GetString());
        }

        foreach (var advice in conversation.GetProperty("advice").EnumerateArray())
        {
            output.WriteLine(terminal.Strong("  Advice: ") + advice.GetProperty("text").GetString());
        }

        output.WriteLine();
    }

    private int Wrong(string problem)
    {
        terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + problem);
        return ExitCode.Failure;
    }
}
