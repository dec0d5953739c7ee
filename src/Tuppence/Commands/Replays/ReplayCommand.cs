using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.Thrift;
using Tuppence.Thrift.Replays;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Commands.Replays;

/// <summary><c>tuppence replay</c>: what recorded requests would have cost, planned by the very planner of the gateway.</summary>
internal sealed class ReplayCommand(Terminal terminal, string directory)
{
    private readonly Argument<string[]> traces = new("TRACE...") { Description = "Recorded requests, .jsonl or .jsonl.gz, or a folder of them; in full, or without content as record writes them by itself.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> level = new("--level") { Description = $"What may be done: {string.Join(", ", LevelNames.All)}. Default markers.", HelpName = "LEVEL" };
    private readonly Option<string[]> price = new("--price") { Description = "Price of a cache read as a share of plain input, or a model, or own for each request's own model. Default 0.05.", HelpName = "PRICE", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> min = new("--min") { Description = "Smallest prefix that is cached, in tokens. Default 1024; with a model's price the model's.", HelpName = "TOKENS" };
    private readonly Option<string> entries = new("--entries") { Description = "Whether a cache entry dies with a part below it: chained (default) or independent.", HelpName = "MODEL" };
    private readonly Option<string> earlyLoss = new("--early-loss") { Description = "Share of the requests before which the cache is lost. Default 0.", HelpName = "SHARE" };
    private readonly Option<string> tokenError = new("--token-error") { Description = "How wrong the planner's count of a block's tokens is at most. Default 0.", HelpName = "SHARE" };
    private readonly Option<string> output = new("--out") { Description = "Write the planned requests there in full, a JSON line each; a folder takes a file for each trace. Not for traces without content.", HelpName = "FILE" };
    private readonly Option<bool> asJson = new("--json") { Description = "Print as JSON." };

    /// <summary>Describes it to the parser.</summary>
    public Command Describe()
    {
        var command = new Command("replay", "Plans recorded requests against the simulated cache and prints what they cost.") { traces, level, price, min, entries, earlyLoss, tokenError, output, asJson };
        command.SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        try
        {
            if (parsed.GetValue(traces) is not { Length: > 0 } named)
            {
                throw new UsageException("replay needs a trace: a file of recorded requests (.jsonl or .jsonl.gz), or a folder of them.");
            }

            var runs = OptionsOf(parsed);
            var files = TraceFile.Find(named, directory);
            var target = parsed.GetValue(output) is { } path ? new PlannedTarget(Path.GetFullPath(path, directory), files.Count) : null;
            if (target is not null && runs.Count > 1)
            {
                throw new UsageException("--out takes one --price: the planned requests differ by it.");
            }

            var scored = runs.Select(run => Score(files, run, target, stop)).ToArray();
            Print(parsed, runs, scored);
            return ExitCode.Success;
        }
        catch (UsageException e)
        {
            terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + e.Message);
            terminal.Error.WriteLine("tuppence replay --help lists the flags.");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is TraceFileException or IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + e.Message);
            return ExitCode.Failure;
        }
    }

    private IReadOnlyList<ReplayOptions> OptionsOf(ParseResult parsed)
    {
        var models = Messages.Models.ModelTable.Default;
        var minimum = parsed.GetValue(min) is { } text ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) ? tokens : throw Wrong("--min", text, "a number of tokens, such as 1024") : (int?)null;
        var model = parsed.GetValue(entries) switch
        {
            null or "chained" => EntryModel.Chained,
            "independent" => EntryModel.Independent,
            var other => throw Wrong("--entries", other, "chained or independent"),
        };
        var options = new ReplayOptions
        {
            Level = LevelOf(parsed),
            Models = models,
            Cache = new CacheEngineOptions { EntryModel = model, EarlyLossRate = Share(parsed, earlyLoss) },
            TokenError = Share(parsed, tokenError),
        };
        var prices = parsed.GetValue(price) is { Length: > 0 } several ? several : ["0.05"];
        return [.. prices.Select(name =>
        {
            var found = ReplayPrices.Parse(name, models) ?? throw Wrong("--price", name, "a share in thousandths such as 0.05, a model such as claude-opus-5-5, or own");
            return options with { Prices = found, MinTokens = minimum ?? (found.IsOfModel ? null : 1024) };
        })];
    }

    private CacheLevel LevelOf(ParseResult parsed) =>
        parsed.GetValue(level) is not { } name ? CacheLevel.Markers : LevelNames.Parse(name) ?? throw Wrong("--level", name, string.Join(", ", LevelNames.All));

    private static double Share(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is not { } text ? 0
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share < 1 ? share
        : throw Wrong(option.Name, text, "a share from 0 to below 1, such as 0.02");

    private static UsageException Wrong(string option, string text, string accepted) => new($"{option} {text} is not understood. Accepted: {accepted}.");

    private ScoredTrace[] Score(IReadOnlyList<TraceFile> files, ReplayOptions options, PlannedTarget? target, CancellationToken stop)
    {
        var scored = new ScoredTrace[files.Count];
        for (var i = 0; i < files.Count; i++)
        {
            terminal.Error.WriteLine(terminal.Faint(string.Create(CultureInfo.InvariantCulture, $"{i + 1}/{files.Count} {files[i].Name}")));
            var trace = files[i].Read();
            if (trace.Refusal(files[i].Name, options.Level, target is not null) is { } refusal)
            {
                throw new UsageException(refusal);
            }

            using var planned = target?.Open(files[i].Name, i);
            var result = trace.Replay(options, planned is null ? null : planned.Write, stop);
            scored[i] = new ScoredTrace(files[i].Name, result, trace.Measure(options));
        }

        return scored;
    }

    private void Print(ParseResult parsed, IReadOnlyList<ReplayOptions> runs, ScoredTrace[][] scored)
    {
        var name = parsed.GetValue(level) ?? "markers";
        if (!parsed.GetValue(asJson))
        {
            terminal.Output.Write(string.Join(Environment.NewLine, runs.Select((run, i) => ReplayTable.Text(scored[i], run, name, terminal))));
            return;
        }

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            for (var i = 0; i < runs.Count; i++)
            {
                ReplayTable.WriteJson(json, scored[i], runs[i], name);
            }

            json.WriteEndArray();
        }

        terminal.Output.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
