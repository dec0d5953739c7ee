using System.Buffers;
using System.Net;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials.Cloud;

/// <summary>One small HTTP exchange with a token or metadata endpoint, on a connection of its own. No redirect is followed.</summary>
/// <param name="time">The clock.</param>
/// <param name="proxy">HTTP proxy for https endpoints, or null; metadata endpoints are never asked through one.</param>
public sealed class WebCall(TimeProvider time, Uri? proxy = null)
{
    private const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Sends and reads the whole answer.</summary>
    /// <param name="method">Method token.</param>
    /// <param name="url">https; http only towards this machine and the metadata addresses of clouds.</param>
    /// <param name="headers">Header lines beside Host and length.</param>
    /// <param name="body">The body, or empty.</param>
    /// <param name="limit">Time for all of it.</param>
    public async Task<WebAnswer> SendAsync(string method, Uri url, IReadOnlyList<HeaderLine> headers, ReadOnlyMemory<byte> body, TimeSpan limit)
    {
        if (!MayReach(url))
        {
            return new WebAnswer(0, [], "plain http is used towards this machine and cloud metadata addresses only");
        }

        var origin = UpstreamOrigin.From(url, url.Scheme == Uri.UriSchemeHttps ? proxy : null);
        using var timer = new CancellationTokenSource(limit, time);
        var result = await new TcpConnector(limit, time).ConnectAsync(origin, CancellationToken.None);
        if (!result.IsConnected)
        {
            return new WebAnswer(0, [], result.Fault.Detail);
        }

        using var connection = new UpstreamConnection(result.Stream, result.Socket, time.GetTimestamp());
        using var abort = timer.Token.UnsafeRegister(static opened => ((UpstreamConnection)opened!).Abort(), connection);
        var answer = await ExchangeAsync(connection, method, url, origin, headers, body);
        return answer.Fault is not null && timer.IsCancellationRequested ? answer with { Fault = $"no answer within {limit.TotalSeconds:0.#} s" } : answer;
    }

    private static async Task<WebAnswer> ExchangeAsync(
        UpstreamConnection connection, string method, Uri url, UpstreamOrigin origin, IReadOnlyList<HeaderLine> headers, ReadOnlyMemory<byte> body)
    {
        var head = new RequestHead(method, url.PathAndQuery, origin.Authority);
        try
        {
            foreach (var line in headers)
            {
                head.Add(line.Name, line.Value);
            }

            head.Add("connection", "close");
            if (body.Length > 0 || method is "POST" or "PUT")
            {
                head.AddContentLength(body.Length);
            }

            head.End();
            var fault = await connection.ExchangeAsync(head.Bytes, body.Length == 0 ? null : stream => stream.WriteAsync(body).AsTask(), isHeadRequest: false);
            return fault is null ? await ReadAsync(connection) : new WebAnswer(0, [], fault.Detail);
        }
        finally
        {
            await connection.StopSendingAsync();
            head.Dispose();
        }
    }

    private static async Task<WebAnswer> ReadAsync(UpstreamConnection connection)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            BodyStep step;
            while ((step = connection.Next(out var payload)) == BodyStep.Payload)
            {
                if (body.WrittenCount + payload.Length > MaxBodyBytes)
                {
                    return new WebAnswer(0, [], "the answer is longer than 1 MB");
                }

                body.Write(payload);
            }

            if (step == BodyStep.End)
            {
                return new WebAnswer(connection.Head.Status, body.WrittenSpan.ToArray(), null);
            }

            if (step == BodyStep.Fault)
            {
                return new WebAnswer(0, [], connection.Fault!.Detail);
            }

            try
            {
                connection.Received(await connection.ReceiveAsync());
            }
            catch (Exception e) when (UpstreamConnection.IsTransportFailure(e))
            {
                connection.ReceiveFailed(e);
            }
        }
    }

    private static bool MayReach(Uri url) => url.Scheme == Uri.UriSchemeHttps
        || (url.Scheme == Uri.UriSchemeHttp
            && (url.IsLoopback || url.Host == "metadata.google.internal" || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IsMetadata(address))));

    // 169.254.0.0/16, fe80::/10, and the addresses of AWS in fd00:ec2::/32.
    private static bool IsMetadata(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? bytes is [169, 254, ..] : address.IsIPv6LinkLocal || bytes is [0xFD, 0x00, 0x0E, 0xC2, ..];
    }
}
