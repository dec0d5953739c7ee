using Tuppence;
using Tuppence.Commands;
using Tuppence.Configuration;

var surroundings = Surroundings.OfProcess();
var terminal = Terminal.OfProcess(surroundings);
return await new CommandLine(new Hosts(terminal), terminal, surroundings, TimeProvider.System).RunAsync(args, CancellationToken.None);
