using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Tuppence.Emulator;

namespace Tuppence.Tests.Functional;

/// <summary>The emulator on a port of its own, behind Kestrel and nothing else.</summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private readonly ChannelReader<string> moments;

    private EmulatorHost(WebApplication app, RecordedErrors errors, ChannelReader<string> moments)
    {
        this.app = app;
        this.moments = moments;
        Errors = errors;
        Url = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Url };
        Client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
    }

    public Uri Url { get; }

    /// <summary>A client that sends version 2023-06-01.</summary>
    public HttpClient Client { get; }

    /// <summary>What the server logged as an error: an exception that escaped the emulator, for one.</summary>
    public RecordedErrors Errors { get; }

    public static Task<EmulatorHost> StartAsync() => StartAsync(new() { Pacing = false }, TimeProvider.System);

    public static async Task<EmulatorHost> StartAsync(EmulatorOptions options, TimeProvider time)
    {
        var errors = new RecordedErrors();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var api = new EmulatorApi(options, time);
        var done = Channel.CreateUnbounded<string>();
        server.Run(async context =>
        {
            done.Writer.TryWrite("began");
            await api.HandleAsync(context);
            done.Writer.TryWrite("ended");
        });
        await server.StartAsync();
        return new(server, errors, done.Reader);
    }

    /// <summary>Posts JSON, with headers written as <c>name: value</c>.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json, params string[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.Remove(header[..colon]);
            request.Headers.Add(header[..colon], header[(colon + 1)..].Trim());
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Sends raw bytes and reads to the end, whichever that is.</summary>
    public async Task<RawAnswer> RawAsync(string request)
    {
        using var socket = await OpenAsync(request);
        var received = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer)) > 0)
            {
                received.Write(buffer, 0, read);
            }

            return new(Encoding.Latin1.GetString(received.ToArray()), Reset: false);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return new(Encoding.Latin1.GetString(received.ToArray()), Reset: true);
        }
    }

    /// <summary>A connection on which that was sent.</summary>
    public async Task<Socket> OpenAsync(string request)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Url.Port);
        await socket.SendAsync(Encoding.UTF8.GetBytes(request));
        return socket;
    }

    /// <summary>Waits for the next moment in the life of a request: <c>began</c>, <c>ended</c>.</summary>
    public ValueTask<string> NextMomentAsync(CancellationToken limit) => moments.ReadAsync(limit);

    /// <summary>The bytes of a POST of JSON to /v1/messages.</summary>
    public static string Post(string json, params string[] headers) =>
        $"POST /v1/messages HTTP/1.1\r\nHost: emulator\r\nanthropic-version: 2023-06-01\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{json}";

    /// <summary>The body as JSON.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

    /// <summary>The data of each event of a stream.</summary>
    public static async Task<JsonElement[]> EventsAsync(HttpResponseMessage response) =>
        Events(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    /// <summary>The data of each event of a stream.</summary>
    public static JsonElement[] Events(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => JsonDocument.Parse(e.Split("\ndata: ")[1]).RootElement)];

    /// <summary>The member as text.</summary>
    public static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    public sealed record RawAnswer(string Text, bool Reset);
}
