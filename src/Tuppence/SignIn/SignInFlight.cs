using Tuppence.Upstreams.OAuth;

namespace Tuppence.SignIn;

/// <summary>A sign-in that was begun on a page of ours.</summary>
internal sealed class SignInFlight : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly HttpMessageInvoker http;
    private readonly BrowserSignIn? browser;
    private int disposed;

    /// <summary>Begun in the browser.</summary>
    public SignInFlight(string id, string upstream, string returnTo, HttpMessageInvoker http, BrowserSignIn browser)
    {
        (Id, Upstream, ReturnTo, this.http, this.browser) = (id, upstream, returnTo, http, browser);
        Completion = browser.Completion;
    }

    /// <summary>Begun with a code.</summary>
    public SignInFlight(string id, string upstream, string returnTo, HttpMessageInvoker http, DeviceSignIn device)
    {
        (Id, Upstream, ReturnTo, this.http, Device) = (id, upstream, returnTo, http, device);
        Completion = WaitAsync(device);
    }

    /// <summary>128 random bits, so that only whoever began it sees it.</summary>
    public string Id { get; }

    /// <summary>Name of the upstream.</summary>
    public string Upstream { get; }

    /// <summary>Local path to offer in the end.</summary>
    public string ReturnTo { get; }

    /// <summary>The device flow, or null.</summary>
    public DeviceSignIn? Device { get; }

    /// <summary>Where the browser goes, or null.</summary>
    public Uri? Url => browser?.Url;

    /// <summary>How it ends; never fails.</summary>
    public Task<SignInResult> Completion { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await stop.CancelAsync();
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        await Completion;
        http.Dispose();
        stop.Dispose();
    }

    private async Task<SignInResult> WaitAsync(DeviceSignIn device)
    {
        try
        {
            return await device.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            return SignInResult.Of(SignInProblemKind.Cancelled, "The sign-in was given up, or another was started for the same upstream.");
        }
    }
}
