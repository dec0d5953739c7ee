using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Tuppence.Commands.Replays;
using Tuppence.Thrift.Baselines;
using Tuppence.Thrift.Benchmarks;

namespace Tuppence.Commands.Benchmarks;

/// <summary><c>tuppence bench-cache</c>: the whole cache benchmark.</summary>
internal sealed class BenchCacheCommand(Terminal terminal, string directory)
{
    private static readonly string UsualTraces = Path.Combine("..", "shared", "data", "traces");

    private readonly Argument<string[]> traces = new("TRACE...") { Description = $"Recorded requests or folders of them. Left out: {UsualTraces.Replace('\\', '/')}, where it is there.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<int> seeds = new("--seeds") { Description = "Traces made up for each family, 1 to 32. Default 4.", HelpName = "NUMBER", DefaultValueFactory = static _ => 4 };
    private readonly Option<string> output = new("--out") { Description = "Write CACHE.md and cache.json into this folder. Default: print the page.", HelpName = "FOLDER" };
    private readonly Option<string> check = new("--check") { Description = "Compare with an earlier cache.json: exit code 1 where a mean is more than 1 % worse or a target is missed.", HelpName = "FILE" };

    /// <summary>Describes it to the parser.</summary>
    public Command Describe()
    {
        var command = new Command("bench-cache", "Runs the benchmark of the prompt cache: recorded and made-up conversations, other programs' placements, other conditions.") { traces, seeds, output, check };
        command.SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        var count = parsed.GetValue(seeds);
        if (count is < 1 or > 32)
        {
            terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + "--seeds takes a number from 1 to 32.");
            return ExitCode.Usage;
        }

        try
        {
            var report = Measure(Files(parsed), count, stop);
            var markdown = CacheBenchMarkdown.Write(report);
            if (parsed.GetValue(output) is { } folder)
            {
                var target = Directory.CreateDirectory(Path.GetFullPath(folder, directory)).FullName;
                File.WriteAllText(Path.Combine(target, "CACHE.md"), markdown);
                File.WriteAllText(Path.Combine(target, "cache.json"), CacheBenchJson.Write(report));
            }
            else
            {
                terminal.Output.Write(markdown);
            }

            return parsed.GetValue(check) is { } file ? Compare(report, Path.GetFullPath(file, directory)) : ExitCode.Success;
        }
        catch (Exception e) when (e is TraceFileException or IOException or UnauthorizedAccessException or JsonException)
        {
            terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + e.Message);
            return ExitCode.Failure;
        }
    }

    private IReadOnlyList<TraceFile> Files(ParseResult parsed)
    {
        if (parsed.GetValue(traces) is { Length: > 0 } named)
        {
            return TraceFile.Find(named, directory);
        }

        if (Directory.Exists(Path.Combine(directory, UsualTraces)))
        {
            return TraceFile.Find([UsualTraces], directory);
        }

        terminal.Error.WriteLine($"No recorded traces were named and {UsualTraces} is not there: only the made-up ones are measured.");
        return [];
    }

    private CacheBenchReport Measure(IReadOnlyList<TraceFile> files, int count, CancellationToken stop)
    {
        var recorded = files.Select(static file => new BenchCase(file.Name, null, file.ReadInFull)).ToArray();
        var families = BenchCase.Families(count);
        var scores = CacheBench.Score([.. recorded, .. families], CacheBench.Levels, Baseline.Programs, Say, stop);
        var once = recorded.Concat(families.Where(static one => one.Name.EndsWith("/0", StringComparison.Ordinal))).ToArray();
        var sensitivity = CacheBench.Vary(once, CacheBench.Conditions, Say, stop);
        return new CacheBenchReport([.. scores.Take(recorded.Length)], [.. scores.Skip(recorded.Length)], sensitivity);
    }

    private void Say(string done) => terminal.Error.WriteLine(terminal.Faint(done));

    private int Compare(CacheBenchReport report, string file)
    {
        using var earlier = JsonDocument.Parse(File.ReadAllBytes(file));
        string[] wrong = [.. CacheBenchJson.Regressions(earlier.RootElement, "recorded", report.Recorded), .. CacheBenchJson.Regressions(earlier.RootElement, "families", report.Families), .. report.Missed];
        foreach (var line in wrong)
        {
            terminal.Error.WriteLine(line);
        }

        terminal.Error.WriteLine(wrong.Length == 0 ? "No mean is worse and all targets are met." : string.Create(CultureInfo.InvariantCulture, $"{wrong.Length} findings."));
        return wrong.Length == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
