namespace Tuppence.Tests.Scenes;

public static class TestGatewayWaits
{
    /// <summary>Waits until the gateway works on nothing.</summary>
    public static Task UntilIdleAsync(this TestGateway gateway) => gateway.UntilOpenAsync(0);

    /// <summary>Waits until the gateway works on just so many requests; fails after a minute.</summary>
    public static async Task UntilOpenAsync(this TestGateway gateway, int count)
    {
        var counters = gateway.Host.State.Counters;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object? sender, EventArgs e)
        {
            if (counters.Open == count)
            {
                reached.TrySetResult();
            }
        }

        counters.OpenChanged += Look;
        try
        {
            Look(counters, EventArgs.Empty);
            await reached.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
        finally
        {
            counters.OpenChanged -= Look;
        }
    }
}
