using System.Text;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Processes;

// A process that runs the programs of a pool, for tests that kill it. Not part of the product.
//
//   PROGRAM FOLDER    takes processes of PROGRAM without end, two at a time with a spare, tells each one line and ends it in one of three ways;
//                     they run in FOLDER
var options = new ClaudeCodeOptions
{
    ProgramPath = args[0],
    WorkingFolder = args[1],
    ClientApp = "tuppence/0",
    Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" },
};
await using var pool = new ProcessPool(options, TimeProvider.System);
await Task.WhenAll(SpinAsync(0), SpinAsync(1));

async Task SpinAsync(int turn)
{
    while (true)
    {
        var lease = await pool.RentAsync(CancellationToken.None);
        if (lease.Process is not { } process)
        {
            Console.WriteLine(lease.Words);
            return;
        }

        await using (process)
        {
            await process.Input.WriteAsync(Encoding.UTF8.GetBytes("hello\n"));
            var read = await process.Output.ReadAsync();
            process.Output.AdvanceTo(read.Buffer.End);
            switch (turn++ % 3)
            {
                case 0:
                    await process.KillAsync();
                    break;
                case 1:
                    await process.CloseAsync();
                    break;
            }
        }
    }
}
