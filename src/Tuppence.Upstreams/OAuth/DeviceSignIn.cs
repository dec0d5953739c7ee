namespace Tuppence.Upstreams.OAuth;

/// <summary>One sign-in with a code that a person types on another device (RFC 8628).</summary>
public sealed class DeviceSignIn
{
    private static readonly TimeSpan SlowDown = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromMinutes(1);

    private readonly DeviceAuthorization codes;
    private readonly OAuthContext context;
    private readonly GrantIntake intake;
    private readonly long started;

    internal DeviceSignIn(DeviceAuthorization codes, OAuthContext context, GrantIntake intake)
    {
        (this.codes, this.context, this.intake) = (codes, context, intake);
        started = context.Time.GetTimestamp();
        ExpiresAt = context.Time.GetUtcNow() + codes.Life;
    }

    /// <summary>What the person types.</summary>
    public string UserCode => codes.UserCode;

    /// <summary>Where they type it.</summary>
    public Uri VerificationUri => codes.VerificationUri;

    /// <summary>The address with the code in it where the issuer gives one, else the plain one; what the QR code shows.</summary>
    public Uri DirectUri => codes.CompleteUri ?? codes.VerificationUri;

    /// <summary>When the code ends.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>
    /// Polls until the person is done: first after the interval, five seconds slower for good at each <c>slow_down</c>, doubling while
    /// the issuer cannot be reached (section 3.5), never after the code's end.
    /// </summary>
    public async Task<SignInResult> WaitAsync(CancellationToken cancellation)
    {
        var (interval, failures) = (codes.Interval, 0);
        while (true)
        {
            var wait = failures == 0 ? interval : Longer(interval, failures);
            var left = codes.Life - context.Time.GetElapsedTime(started);
            if (wait >= left)
            {
                await DelayAsync(left, cancellation);
                return Expired();
            }

            await DelayAsync(wait, cancellation);
            var result = await intake.Tokens.ExchangeDeviceCodeAsync(codes.DeviceCode, cancellation);
            if (result.IsSuccess)
            {
                return await intake.TakeAsync(result.Answer, null, cancellation);
            }

            var problem = result.Problem;
            failures = problem.Kind is TokenProblemKind.NotSent or TokenProblemKind.Unknown ? failures + 1 : 0;
            if (failures > 0)
            {
                continue;
            }

            switch (problem.Error)
            {
                case "authorization_pending":
                    break;
                case "slow_down":
                    interval += SlowDown;
                    break;
                case "expired_token":
                    return Expired();
                case "access_denied":
                    return SignInResult.Of(SignInProblemKind.Denied, "Signing in was declined on the other device. Nothing was changed; start again if that was not meant.");
                default:
                    return SignInResult.Of(SignInProblemKind.NoTokens, $"The issuer gave no tokens. {problem.Detail} Start again; where it stays so, check client_id and client_secret_env.");
            }
        }
    }

    private static TimeSpan Longer(TimeSpan interval, int failures)
    {
        var most = interval > MaxBackOff ? interval : MaxBackOff;
        var doubled = interval * Math.Pow(2, Math.Min(failures, 16));
        return doubled < most ? doubled : most;
    }

    private static SignInResult Expired() =>
        SignInResult.Of(SignInProblemKind.Expired, "The code was not typed in time and is no longer good. Start again for a new one.");

    private Task DelayAsync(TimeSpan wait, CancellationToken cancellation) =>
        wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, context.Time, cancellation);
}
