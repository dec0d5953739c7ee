using System.Runtime.InteropServices;
using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Telemetry;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Hosting;

/// <summary>The two servers that the command line can start, and their life from banner to last line.</summary>
internal sealed class Hosts(Terminal terminal, Surroundings surroundings, TimeProvider time, Func<LoadedConfiguration, IGrantKeeper?> keepers) : IHosts
{
    /// <inheritdoc/>
    public async Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop)
    {
        using var lines = new LineLoggerProvider(terminal.Output, time, configuration.Config.LogLevel, terminal.ColorsOutput) { Format = configuration.Config.LogFormat };
        using var logs = new LoggerFactory([lines], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var log = logs.CreateLogger("Tuppence");
        foreach (var warning in configuration.Warnings)
        {
            Log.ConfigWarning(log, warning);
        }

        GatewayHost host;
        try
        {
            // Retry waits only have to differ between processes; nobody gains by guessing them.
#pragma warning disable RS0030
            host = await GatewayHost.StartAsync(configuration.Config, configuration.BaseDirectory, logs, time, Random.Shared.NextDouble, keepers(configuration), source, stop);
#pragma warning restore RS0030
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            return Refused(configuration.Config.Host, configuration.Config.Port, e);
        }

        await using (host)
        {
            InlineSockets.Forget();
            var signInUrl = await SignInUrlAsync(host, stop);
            if (lines.Format == LogFormat.Json)
            {
                // What programs read holds nothing but objects.
                Log.Listens(log, ProductVersion.Text, host.Url);
            }
            else
            {
                Banner.Write(terminal, host, lines.Level, signInUrl);
            }

            using var watch = source.Watch(changed => Reload(host, lines, log, changed), errors => Log.ReloadRefused(log, Describe(errors)));
            host.WatchPresets();
            var opens = configuration.Config.AutoOpenBrowser switch
            {
                BrowserOpening.On => true,
                BrowserOpening.SignIn => signInUrl is not null && terminal.IsWatched,
                _ => false,
            };
            if (opens)
            {
                BrowserLaunch.Open(signInUrl ?? host.Url, surroundings);
            }

            await RunUntilStoppedAsync(host.StopAsync, stop);
        }

        return ExitCode.Success;
    }

    /// <inheritdoc/>
    public async Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop)
    {
        using var lines = new LineLoggerProvider(terminal.Output, time, settings.LogLevel, terminal.ColorsOutput);
        using var logs = new LoggerFactory([lines], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        EmulatorHost host;
        try
        {
            host = await EmulatorHost.StartAsync(settings, logs, time, stop);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            return Refused(settings.Host, settings.Port, e);
        }

        await using (host)
        {
            terminal.Output.WriteLine($"Tuppence {ProductVersion.Text} emulates the Messages API at {host.Url}: no account, no network, no cost.");
            terminal.Output.WriteLine($"  curl {host.Url}/v1/messages -H 'content-type: application/json' -H 'anthropic-version: 2023-06-01' \\");
            terminal.Output.WriteLine("    -d '{\"model\":\"claude-haiku-4-5\",\"max_tokens\":200,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'");
            await RunUntilStoppedAsync(host.StopAsync, stop);
        }

        return ExitCode.Success;
    }

    /// <summary>The page for signing in, where the chosen upstream has no other credential and nobody has signed in.</summary>
    private static async Task<string?> SignInUrlAsync(GatewayHost host, CancellationToken stop)
    {
        var gateway = host.State.Current;
        return host.SignIns is { } desk && gateway.Config.Upstreams.TryGetValue(gateway.Choice.Default.Name, out var entry)
            && await desk.IsNeededAsync(gateway.Choice.Default.Name, entry, stop)
            ? $"{host.Url}/auth/login"
            : null;
    }

    /// <summary>Waits for SIGTERM, SIGINT, Ctrl-C or the token, then stops in order; a second signal cuts that short.</summary>
    private static async Task RunUntilStoppedAsync(Func<CancellationToken, Task> stopAsync, CancellationToken stop)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var now = new CancellationTokenSource();
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (!asked.TrySetResult())
            {
                now.Cancel();
            }
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        await using var token = stop.UnsafeRegister(static waiting => ((TaskCompletionSource)waiting!).TrySetResult(), asked);
        await asked.Task;
        await stopAsync(now.Token);
    }

    private static void Reload(GatewayHost host, LineLoggerProvider lines, ILogger log, LoadedConfiguration changed)
    {
        host.Reload(changed.Config);
        lines.Level = changed.Config.LogLevel;
        lines.Format = changed.Config.LogFormat;
        Log.Reloaded(log, changed.File ?? "its sources");
        foreach (var warning in changed.Warnings)
        {
            Log.ConfigWarning(log, warning);
        }
    }

    private static string Describe(IReadOnlyList<ConfigError> errors)
    {
        var text = new StringWriter();
        ErrorReport.Write(text, errors, "The last good configuration stays in force.");
        return text.ToString();
    }

    private int Refused(string host, int port, Exception failure)
    {
        terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + $"cannot listen on {host}:{port}: {failure.GetBaseException().Message}.");
        terminal.Error.WriteLine("If another program (or another Tuppence) holds the port, stop it or choose another with --port; an address must be one of this machine's.");
        return ExitCode.Failure;
    }
}
