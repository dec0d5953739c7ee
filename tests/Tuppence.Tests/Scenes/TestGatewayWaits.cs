namespace Tuppence.Tests.Scenes;

public static class TestGatewayWaits
{
    /// <summary>Waits until the gateway works on nothing.</summary>
    public static Task UntilIdleAsync(this TestGateway gateway) => UntilAsync(() => gateway.Host.State.Counters.Open == 0);

    /// <summary>Waits until the gateway has admitted a request.</summary>
    public static Task UntilBusyAsync(this TestGateway gateway) => UntilAsync(() => gateway.Host.State.Counters.Open > 0);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
