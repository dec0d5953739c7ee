using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tuppence.Commands;
using Tuppence.Emulator;

namespace Tuppence.Hosting;

/// <summary>The emulator on a port of its own, for <c>tuppence emulate</c>.</summary>
internal sealed class EmulatorHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IServer server;

    private EmulatorHost(WebApplication app, IServer server) => (this.app, this.server) = (app, server);

    /// <summary>Base URL that was bound.</summary>
    public string Url => server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    /// <summary>Binds and starts to answer. Throws <see cref="IOException"/> where the address is taken.</summary>
    public static async Task<EmulatorHost> StartAsync(EmulateSettings settings, ILoggerFactory logs, TimeProvider time, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = null;
            ListenAddress.Apply(kestrel, settings.Host, settings.Port);
        });
        var app = builder.Build();
        var server = app.Services.GetRequiredService<IServer>();
        await server.StartAsync(new HttpApplication(new EmulatorApi(new EmulatorOptions { Pacing = settings.Pacing }, time).HandleAsync), cancellation);
        return new EmulatorHost(app, server);
    }

    /// <summary>Stops; open answers end with their connections.</summary>
    public Task StopAsync(CancellationToken now) => server.StopAsync(new CancellationToken(canceled: true));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
