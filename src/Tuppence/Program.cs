using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Hosting;

InlineSockets.Choose();
var surroundings = Surroundings.OfProcess();
var terminal = Terminal.OfProcess(surroundings);
return await new CommandLine(new Hosts(terminal, surroundings, TimeProvider.System), terminal, surroundings, TimeProvider.System).RunAsync(args, CancellationToken.None);
