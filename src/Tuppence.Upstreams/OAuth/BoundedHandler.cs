using System.Net.Http.Headers;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Names the program, ends what takes too long, and reads an answer whole, up to a bound.</summary>
internal sealed class BoundedHandler(HttpMessageHandler inner, string userAgent, TimeProvider time) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        if (request.Headers.Accept.Count == 0)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        }

        using var limit = new CancellationTokenSource(OAuthTransport.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var response = await base.SendAsync(request, either.Token);
            response.Content = await ReadAsync(response.Content, either.Token);
            return response;
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"no connection within {OAuthTransport.ConnectTimeout.TotalSeconds:0} s", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, $"no answer within {OAuthTransport.Timeout.TotalSeconds:0} s", e);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the answer broke off", e);
        }
    }

    private static async Task<ByteArrayContent> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        using (content)
        {
            await using var body = await content.ReadAsStreamAsync(cancellation);
            using var read = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await body.ReadAsync(buffer, cancellation) is > 0 and var length)
            {
                if (read.Length + length > OAuthTransport.MaxAnswerBytes)
                {
                    throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, $"the answer is larger than {OAuthTransport.MaxAnswerBytes / 1024} KB");
                }

                read.Write(buffer, 0, length);
            }

            var whole = new ByteArrayContent(read.ToArray());
            whole.Headers.ContentType = content.Headers.ContentType;
            return whole;
        }
    }
}
