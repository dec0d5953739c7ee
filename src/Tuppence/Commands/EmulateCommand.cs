using System.CommandLine;
using Tuppence.Configuration;
using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;

namespace Tuppence.Commands;

/// <summary><c>tuppence emulate</c>: serves the offline Messages API alone.</summary>
internal static class EmulateCommand
{
    public static Command Describe(IHosts hosts, Terminal terminal)
    {
        var host = new Option<string>("--host") { Description = "Address to listen on. Default 127.0.0.1.", HelpName = "ADDRESS" };
        var port = new Option<string>("--port") { Description = $"TCP port to listen on; 0 lets the system choose one. Default {EmulateSettings.DefaultPort}.", HelpName = "PORT" };
        var noPacing = new Option<bool>("--no-pacing") { Description = "Stream replies as fast as the client reads, not at a lifelike pace." };
        var level = new Option<string>("--log-level") { Description = "The least severe messages that are written. Default info.", HelpName = "LEVEL" };
        var command = new Command("emulate", "Serves the offline Messages API alone: no account, no network.") { host, port, noPacing, level };
        command.SetAction((parsed, stop) =>
        {
            var errors = new List<ConfigError>();

            // The gateway's own settings of these names know what is valid.
            var config = new GatewayConfig { Port = EmulateSettings.DefaultPort };
            foreach (var (option, key) in ((Option<string>, string)[])[(host, "host"), (port, "port"), (level, "log_level")])
            {
                if (parsed.GetValue(option) is { } text)
                {
                    config = SettingIndex.Gateway(key)!.Read(config, key, ConfigNode.Bare(text, new ConfigOrigin(OriginKind.Flag, option.Name)), errors);
                }
            }

            if (errors.Count > 0)
            {
                ErrorReport.Write(terminal.Error, errors, "Nothing was started.", terminal.Alarm);
                return Task.FromResult(ExitCode.Config);
            }

            return hosts.EmulateAsync(new EmulateSettings { Host = config.Host, Port = config.Port, Pacing = !parsed.GetValue(noPacing), LogLevel = config.LogLevel }, stop);
        });
        return command;
    }
}
