using Tuppence.Upstreams.OAuth;

namespace Tuppence.Upstreams.Credentials;

/// <summary>
/// A token from a JWT exchange, kept until its end: from 120 s before it one exchange runs beside the requests, from 30 s before it they
/// wait for one. The thresholds are those of npm <c>@anthropic-ai/sdk</c> 1.12.0, <c>lib/credentials/types</c>.
/// </summary>
/// <param name="endpoint">Where JWTs are exchanged.</param>
/// <param name="assertion">Gives the JWT.</param>
/// <param name="time">The clock.</param>
public sealed class FederatedCredential(FederationEndpoint endpoint, ICredential assertion, TimeProvider time) : ICredential, IDisposable
{
    private static readonly TimeSpan Advisory = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Mandatory = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource disposed = new();
    private Held? held;
    private Task<CredentialResult>? running;
    private long? failedAt;

    /// <inheritdoc/>
    public string? Beta => FederationEndpoint.RequestBeta;

    /// <inheritdoc/>
    public ValueTask<CredentialResult> GetAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            var left = held is { } token ? token.Lifetime - time.GetElapsedTime(token.At) : TimeSpan.MinValue;
            if (left > Advisory)
            {
                return new(new CredentialResult(held!.Token, null));
            }

            var mayTry = failedAt is not { } failure || time.GetElapsedTime(failure) >= AfterFailure;
            if (left > Mandatory)
            {
                if (mayTry)
                {
                    _ = Begin();
                }

                return new(new CredentialResult(held!.Token, null));
            }

            return new(Begin().WaitAsync(cancellation));
        }
    }

    /// <inheritdoc/>
    public void Refused()
    {
        lock (gate)
        {
            held = null;
        }

        assertion.Refused();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        disposed.Cancel();
        disposed.Dispose();
    }

    // One exchange at a time, for whoever waits; no caller who leaves ends it for the others.
    private Task<CredentialResult> Begin() => running is { IsCompleted: false } ? running : running = ExchangeAsync();

    private async Task<CredentialResult> ExchangeAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var (jwt, problem) = await assertion.GetAsync(disposed.Token);
        if (jwt is null)
        {
            return Failed($"There is no JWT to exchange. {problem}");
        }

        var result = await endpoint.ExchangeAsync(jwt, disposed.Token);
        if (!result.IsSuccess)
        {
            return Failed($"The JWT was not exchanged for a token. {result.Problem.Detail}");
        }

        lock (gate)
        {
            (held, failedAt) = (new Held(result.Answer.AccessToken, time.GetTimestamp(), result.Answer.Lifetime!.Value), null);
        }

        return new CredentialResult(result.Answer.AccessToken, null);
    }

    private CredentialResult Failed(string problem)
    {
        lock (gate)
        {
            failedAt = time.GetTimestamp();
        }

        return new CredentialResult(null, problem);
    }

    private sealed record Held(Secret Token, long At, TimeSpan Lifetime);
}
