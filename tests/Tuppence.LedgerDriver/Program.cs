using System.Diagnostics;
using System.Globalization;
using Tuppence.LedgerDriver;
using Tuppence.State.Exports;
using Tuppence.State.Ledger;
using Tuppence.State.Sqlite;

// A process that writes a ledger, for tests that kill it or take its room, and for the bench. Not part of the product.
//
//   spin PATH RUN          adds rows of that run without end, a few at a time; after each FlushAsync a line with how many are acknowledged
//   fill PATH              adds rows until there is a problem, prints "problem TEXT" and how long the slowest Add took in milliseconds;
//                          a line on its input: tries again, prints "stored ROWS lost LOST" when all that wait are stored
//   million PATH ROWS      fills a ledger and prints how long it takes to write, to be asked, and to be exported
var path = args[1];
switch (args[0])
{
    case "spin":
        await SpinAsync(args[2]);
        return 0;
    case "fill":
        await FillAsync();
        return 0;
    case "million":
        await MillionAsync(int.Parse(args[2], CultureInfo.InvariantCulture));
        return 0;
    default:
        return 2;
}

async Task SpinAsync(string run)
{
    await using var ledger = new SqliteLedger(new SqliteLedgerOptions { Path = path }, TimeProvider.System);
    var random = new Random(run.Length);
    for (var added = 0; ;)
    {
        for (var some = random.Next(1, 60); some > 0; some--)
        {
            ledger.Add(Rows.Of(run, added++, DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(added)));
        }

        await ledger.FlushAsync(CancellationToken.None);
        Console.WriteLine(added);
    }
}

async Task FillAsync()
{
    await using var ledger = new SqliteLedger(new SqliteLedgerOptions { Path = path, MostWaiting = 2_000 }, TimeProvider.System);
    var (added, slowest) = (0, TimeSpan.Zero);
    while (ledger.Problem is null)
    {
        for (var i = 0; i < 50; i++)
        {
            var began = Stopwatch.GetTimestamp();
            ledger.Add(Rows.Of("fill", added++, DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(added)));
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(began).Ticks));
        }

        // Until it fails: then the rows wait, and this returns no more.
        await Task.WhenAny(ledger.FlushAsync(CancellationToken.None), Task.Run(async () =>
        {
            while (ledger.Problem is null)
            {
                await Task.Yield();
            }
        }));
    }

    Console.WriteLine($"problem {ledger.Problem}");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{slowest.TotalMilliseconds:F0}"));
    await Console.In.ReadLineAsync();
    await ledger.FlushAsync(CancellationToken.None);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stored {added - ledger.Lost} lost {ledger.Lost}"));
}

async Task MillionAsync(int rows)
{
    // A year, so that the latest month holds a twelfth.
    var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    var step = TimeSpan.FromDays(365) / rows;
    var now = start + (step * rows);
    if (!File.Exists(path))
    {
        await using var ledger = new SqliteLedger(new SqliteLedgerOptions { Path = path }, TimeProvider.System);
        await ShowAsync($"write {rows:N0} rows", 1, async () =>
        {
            for (var i = 0; i < rows; i++)
            {
                ledger.Add(Rows.Of("m", i, start + (step * i)));
                if (i % 5_000 == 0)
                {
                    await ledger.FlushAsync(CancellationToken.None);
                }
            }

            await ledger.FlushAsync(CancellationToken.None);
        });
        Console.WriteLine($"lost {ledger.Lost}");
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {new FileInfo(path).Length / 1e6:F0} MB"));
    using var reader = new LedgerReader(path);
    await ShowAsync("open, count all", 1, () => reader.SumAsync(new LedgerQuery(), LedgerGrouping.Total, CancellationToken.None));
    var day = new LedgerQuery { From = now.AddHours(-23.4) };
    var week = new LedgerQuery { From = now.AddDays(-6.9) };
    var month = new LedgerQuery { From = now.AddDays(-29.9) };
    await ShowAsync("overview: today, week, month, chart by hour and by day", 20, async () =>
    {
        await reader.SumAsync(day, LedgerGrouping.Total, CancellationToken.None);
        await reader.SumAsync(week, LedgerGrouping.Total, CancellationToken.None);
        await reader.SumAsync(month, LedgerGrouping.Total, CancellationToken.None);
        await reader.SumAsync(day, LedgerGrouping.Hour, CancellationToken.None);
        await reader.SumAsync(month, LedgerGrouping.Day, CancellationToken.None);
    });
    await ShowAsync("all time by day", 5, () => reader.SumAsync(new LedgerQuery(), LedgerGrouping.Day, CancellationToken.None));
    await ShowAsync("all time by model", 5, () => reader.SumAsync(new LedgerQuery(), LedgerGrouping.Model, CancellationToken.None));
    await ShowAsync("month by conversation", 3, () => reader.SumAsync(month, LedgerGrouping.Conversation, CancellationToken.None));
    await ShowAsync("first page of requests", 20, () => reader.ReadAsync(new LedgerQuery(), CancellationToken.None));
    await ShowAsync("a page in the middle", 20, () => reader.ReadAsync(new LedgerQuery { Before = Rows.Of("m", rows / 2, start).Id }, CancellationToken.None));
    await ShowAsync("page of one key", 20, () => reader.ReadAsync(new LedgerQuery { Key = "phone" }, CancellationToken.None));
    await ShowAsync("page of failed ones", 20, () => reader.ReadAsync(new LedgerQuery { FailedOnly = true }, CancellationToken.None));
    await ShowAsync("page of a key that there is not", 20, () => reader.ReadAsync(new LedgerQuery { Key = "nobody" }, CancellationToken.None));
    await ShowAsync("page of conversations", 20, () => reader.ConversationsAsync(new LedgerQuery(), CancellationToken.None));
    await ShowAsync("one conversation", 20, () => reader.ReadAsync(new LedgerQuery { Conversation = Rows.Of("m", rows / 3, start).Conversation }, CancellationToken.None));
    await ShowAsync("search for a client", 5, () => reader.ReadAsync(new LedgerQuery { Search = "curl" }, CancellationToken.None));
    await ShowAsync("search for what there is not", 3, () => reader.ReadAsync(new LedgerQuery { Search = "xyzzy" }, CancellationToken.None));
    foreach (var format in Enum.GetValues<ExportFormat>())
    {
        await using var file = File.Create($"{path}.{LedgerExport.EndingOf(format)}");
        await ShowAsync($"export as {format}", 1, () => LedgerExport.WriteAsync(reader, new LedgerQuery(), format, file));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {file.Length / 1e6:F0} MB; memory in use at its end {GC.GetTotalMemory(false) / 1e6:F0} MB"));
    }
}

static async Task ShowAsync(string what, int times, Func<Task> work)
{
    var taken = new List<double>();
    for (var i = 0; i < times; i++)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    taken.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {taken[taken.Count / 2]:F1} ms, at most {taken[^1]:F1} ms"));
}
