// The smallest host around YARP's direct forwarder: what "just proxy it" costs in .NET. It edits, checks and records nothing.
//   YarpHost PORT UPSTREAM
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Yarp.ReverseProxy.Forwarder;

var port = int.Parse(args[0], CultureInfo.InvariantCulture);
var upstream = args[1];

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, port);
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.Limits.MinResponseDataRate = null;
    kestrel.AddServerHeader = false;
});
// With the default of 512, half of 1,000 clients that connect at once wait a second for their SYN to be sent again.
builder.Services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = 4096);
builder.Services.AddHttpForwarder();
await using var app = builder.Build();

using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
{
    UseProxy = false,
    AllowAutoRedirect = false,
    AutomaticDecompression = DecompressionMethods.None,
    UseCookies = false,
    ActivityHeadersPropagator = null,
    ConnectTimeout = TimeSpan.FromSeconds(15),
});
var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
var config = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromMinutes(10) };
app.Map("/{**rest}", async (HttpContext context) =>
    await forwarder.SendAsync(context, upstream, invoker, config, HttpTransformer.Default));
await app.RunAsync();
