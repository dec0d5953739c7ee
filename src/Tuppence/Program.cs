using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Hosting;
using Tuppence.SignIn;

InlineSockets.Choose();
var surroundings = Surroundings.OfProcess();
var terminal = Terminal.OfProcess(surroundings);
return await new CommandLine(new Hosts(terminal, surroundings, TimeProvider.System, GrantKeepers.Of), terminal, surroundings, TimeProvider.System, GrantKeepers.Of).RunAsync(args, CancellationToken.None);
