using Microsoft.Extensions.Logging.Abstractions;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Hosting;

var source = new ConfigurationSource(Surroundings.OfProcess(), [], args.Length > 1 ? args[1] : null, TimeProvider.System);
var loaded = source.Load() is var r && r.Loaded is not null ? r.Loaded : throw new InvalidOperationException(string.Join('\n', r.Errors));
await using var host = await GatewayHost.StartAsync(loaded.Config, loaded.BaseDirectory, NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
Console.WriteLine(host.Url);
await Task.Delay(Timeout.Infinite);
