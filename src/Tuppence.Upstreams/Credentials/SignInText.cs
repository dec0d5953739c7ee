namespace Tuppence.Upstreams.Credentials;

/// <summary>What people are told when there is no token.</summary>
internal static class SignInText
{
    /// <summary>Why requests get no token, and what to do.</summary>
    public static string Of(SignInTarget target, SignInView view, TimeSpan pause)
    {
        if (view.Obstacle is { } obstacle)
        {
            return $"{obstacle} Sign in at {target.SignInAddress()}";
        }

        if (view.Held is null)
        {
            return $"Nobody is signed in to “{target.Upstream}”. Sign in at {target.SignInAddress()}";
        }

        if (view.Ended is { } ended)
        {
            return $"The sign-in to “{target.Upstream}” has ended: {ended}. Sign in again at {target.SignInAddress()}";
        }

        var trouble = view.Trouble?.TrimEnd('.') ?? "Its token has ended";
        var again = pause > TimeSpan.Zero ? $" in {Math.Ceiling(pause.TotalSeconds):0} s" : "";
        return $"The sign-in to “{target.Upstream}” cannot be renewed at present. {trouble}. It is tried again{again}.";
    }

    /// <summary>How a sign-in stands.</summary>
    public static SignInState State(SignInTarget target, SignInView view, TimeSpan pause, TimeProvider time)
    {
        var grant = view.Held?.Entry.Grant;
        return new SignInState
        {
            Upstream = target.Upstream,
            IsSignedIn = view.IsServed,
            IsSignInNeeded = view.Held is null || view.Ended is not null,
            Account = grant?.Account ?? "",
            Issuer = grant?.Issuer,
            ExpiresAt = view.Held?.Left is { } left ? time.GetUtcNow() + left : null,
            Problem = !view.IsServed ? Of(target, view, pause)
                : view.Ended is { } ended ? $"The sign-in to “{target.Upstream}” ends with its present token: {ended}. Sign in again at {target.SignInAddress()}"
                : view.Obstacle ?? (view.Trouble is { } trouble ? trouble.TrimEnd('.') + "." : null),
            ClockSkew = view.ClockSkew,
            Generation = grant?.Generation ?? 0,
        };
    }
}
