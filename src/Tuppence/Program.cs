using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Hosting;

// Read by the runtime when the first socket opens: what a socket wakes runs at once, without a hop to another thread. Nothing on
// the way of a request blocks; measured in bench/RESULTS.md.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var surroundings = Surroundings.OfProcess();
var terminal = Terminal.OfProcess(surroundings);
return await new CommandLine(new Hosts(terminal, surroundings, TimeProvider.System), terminal, surroundings, TimeProvider.System).RunAsync(args, CancellationToken.None);
