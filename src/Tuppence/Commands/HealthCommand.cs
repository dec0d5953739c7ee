using System.CommandLine;
using System.Net;
using Tuppence.Configuration.Loading;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Commands;

/// <summary><c>tuppence health</c>: asks the gateway of this configuration, on this machine, whether it is well. For containers and services.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static Command Describe(SettingFlags settings, Terminal terminal, Func<IReadOnlyList<Configuration.FlagSetting>, string?, ConfigurationSource> source, TimeProvider time)
    {
        var command = new Command("health", "Asks the running gateway whether it is well; exit code 0 where it is, 1 where not.");
        settings.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var result = source(settings.Read(parsed), settings.ConfigFile(parsed)).Load();
            if (result.Loaded is not { } loaded)
            {
                ErrorReport.Write(terminal.Error, result.Errors, "Which gateway to ask is not known.", terminal.Alarm);
                return ExitCode.Config;
            }

            var problem = await AskAsync(Origin(loaded.Config.Host, loaded.Config.Port), time, stop);
            terminal.Output.WriteLine(problem ?? "ok");
            return problem is null ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    /// <summary>A gateway that listens on all addresses is asked on loopback.</summary>
    private static UpstreamOrigin Origin(string host, int port)
    {
        var name = IPAddress.TryParse(host.Trim('[', ']'), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? host.Trim('[', ']') : "127.0.0.1";
        return new UpstreamOrigin { IsSecure = false, Host = name, Port = port, Authority = $"localhost:{port}" };
    }

    private static async Task<string?> AskAsync(UpstreamOrigin origin, TimeProvider time, CancellationToken stop)
    {
        using var pool = new ConnectionPool(origin, new TcpConnector(Limit, time), time);
        var (connection, fault) = await pool.RentAsync(stop);
        if (connection is null)
        {
            return $"no gateway answers on {origin}: {fault!.Detail}";
        }

        using (connection)
        using (var timer = new CancellationTokenSource(Limit, time))
        using (timer.Token.UnsafeRegister(static open => ((UpstreamConnection)open!).Abort(), connection))
        using (var head = new RequestHead("GET", "/health", origin.Authority))
        {
            head.Add("User-Agent", ProductVersion.UserAgent);
            head.End();
            fault = await connection.ExchangeAsync(head.Bytes, null, isHeadRequest: false);
            return fault is not null ? $"the gateway on {origin} gave no answer: {fault.Detail}"
                : connection.Head.Status == 200 ? null
                : $"the gateway on {origin} answers {connection.Head.Status}";
        }
    }
}
