using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P38: beyond what it was told to work on and to keep waiting, the gateway says 529 at once; what it took in is not harmed.</summary>
public sealed class P38_Overload_is_shed
{
    [Fact]
    public async Task Beyond_limit_and_queue_the_answer_is_529_and_the_admitted_are_served()
    {
        const int Limit = 4, Queue = 3;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await gate.Task;
            await call.AnswerAsync(200, call.Text);
        });
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Limits = config.Limits with { MaxConcurrentRequests = Limit, MaxQueuedRequests = Queue } });

        var admitted = Enumerable.Range(0, Limit).Select(i => gateway.PostAsync($$"""{"n":{{i}}}""")).ToList();
        await upstream.CallAsync(Limit - 1);
        admitted.AddRange(Enumerable.Range(Limit, Queue).Select(i => gateway.PostAsync($$"""{"n":{{i}}}""")));
        await Gate.UntilAsync(() => gateway.Host.State.Admission.GetStatistics()!.CurrentQueuedCount == Queue);

        for (var i = 0; i < 10 * Limit; i++)
        {
            var shed = await gateway.PostAsync("{}", i % 2 == 0 ? "/v1/messages" : "/v1/messages/batches");
            Assert.Equal((529, "1"), (shed.Status, shed["Retry-After"]));
            Assert.StartsWith("""{"type":"error","error":{"type":"overloaded_error","message":"This gateway already works on 4 requests with 3 waiting.""", shed.Text, StringComparison.Ordinal);
        }

        // A probe must not take an overload for a death.
        Assert.Equal(200, (await gateway.SendAsync(RawClient.Get("/health"))).Status);
        Assert.Equal(Limit, upstream.Calls.Count);

        gate.SetResult();
        var answers = await Task.WhenAll(admitted);
        Assert.Equal(Enumerable.Range(0, Limit + Queue).Select(static i => (200, $$"""{"n":{{i}}}""")), answers.Select(static answer => (answer.Status, answer.Text)));
        Assert.Equal(200, (await gateway.PostAsync("{}")).Status);
    }

    [Fact]
    public async Task A_client_that_leaves_the_queue_makes_room()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await gate.Task;
            await call.AnswerAsync(200, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Limits = config.Limits with { MaxConcurrentRequests = 1, MaxQueuedRequests = 1 } });
        var admission = gateway.Host.State.Admission;

        var first = gateway.PostAsync("{}");
        await upstream.CallAsync();
        using (var leaving = await RawClient.ConnectAsync(gateway.Port))
        {
            await leaving.SendAsync(RawClient.Post("/v1/messages", "{}"));
            await Gate.UntilAsync(() => admission.GetStatistics()!.CurrentQueuedCount == 1);
        }

        await Gate.UntilAsync(() => admission.GetStatistics()!.CurrentQueuedCount == 0);
        var next = gateway.PostAsync("{}");
        await Gate.UntilAsync(() => admission.GetStatistics()!.CurrentQueuedCount == 1);
        gate.SetResult();

        Assert.Equal([200, 200], (await Task.WhenAll(first, next)).Select(static answer => answer.Status));
        Assert.Equal(2, upstream.Calls.Count);
    }
}
