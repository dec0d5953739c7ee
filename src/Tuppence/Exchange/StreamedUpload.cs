using System.Globalization;
using System.Text;

namespace Tuppence.Exchange;

/// <summary>Passes a request body on as it comes, for paths whose bodies Tuppence does not read: files, batches and those to come.</summary>
/// <param name="context">The client's request.</param>
/// <param name="maxBytes">Largest body.</param>
/// <param name="isChunked">True where the length is not known beforehand (RFC 9112 section 7.1).</param>
internal sealed class StreamedUpload(HttpContext context, long maxBytes, bool isChunked)
{
    private Action? rejected;

    /// <summary>The error to answer where the body itself was at fault.</summary>
    public GatewayError? Rejection { get; private set; }

    /// <summary>What to do when the body is refused: the upstream would wait for the rest of it.</summary>
    public void OnRejected(Action abort) => rejected = abort;

    /// <summary>Ends the wait for more of the body: the upstream has answered and wants none.</summary>
    public void Stop() => context.Request.BodyReader.CancelPendingRead();

    /// <summary>Writes the whole body to <paramref name="upstream"/>.</summary>
    public async Task WriteToAsync(Stream upstream)
    {
        var reader = context.Request.BodyReader;
        long sent = 0;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                if (result.IsCanceled)
                {
                    reader.AdvanceTo(result.Buffer.Start);
                    throw new IOException("The upstream answered before the body was through.");
                }

                sent += result.Buffer.Length;
                if (sent > maxBytes)
                {
                    Rejection = RequestReader.TooLarge(maxBytes);
                    rejected?.Invoke();
                    throw new IOException("The request body is larger than allowed.");
                }

                if (isChunked && !result.Buffer.IsEmpty)
                {
                    await upstream.WriteAsync(Encoding.ASCII.GetBytes(result.Buffer.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
                }

                foreach (var segment in result.Buffer)
                {
                    await upstream.WriteAsync(segment);
                }

                if (isChunked && !result.Buffer.IsEmpty)
                {
                    await upstream.WriteAsync("\r\n"u8.ToArray());
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }

            if (isChunked)
            {
                await upstream.WriteAsync("0\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception e) when (RequestReader.IsAtFault(e))
        {
            Rejection = RequestReader.Explain(e);
            rejected?.Invoke();
            throw new IOException(e.Message, e);
        }
    }
}
