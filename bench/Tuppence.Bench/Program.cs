using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

if (args is ["--memory"])
{
    Tuppence.Bench.LiveConversations.Run(Console.Out);
    return;
}

// In this process, so that BenchmarkDotNet does not generate and build a project of its own beside ours.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.Default.WithWarmupCount(4).WithIterationCount(12).WithToolchain(InProcessEmitToolchain.DontLogOutput))
    .HideColumns(Column.Job, Column.Toolchain, Column.IterationCount, Column.WarmupCount, Column.Error, Column.StdDev)
    .WithArtifactsPath(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "bench", "micro")))
    .AddColumn(StatisticColumn.Median, StatisticColumn.P90);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
