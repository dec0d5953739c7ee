using System.Text.Json;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional;

public sealed class BuiltInEmulatorTests
{
    [Fact]
    public async Task Its_answers_arrive_whole_however_long_they_are()
    {
        await using var gateway = await TestGateway.StartAsync();

        // Longer than one block of the pipe in between.
        var answer = await gateway.SendAsync(RawClient.Get("/v1/models?limit=1000", "anthropic-version: 2023-06-01\r\n"))
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((200, true), (answer.Status, answer.IsComplete));
        Assert.True(answer.Body.Length > 8 * 1024);
        using var models = JsonDocument.Parse(answer.Body);
        Assert.NotEmpty(models.RootElement.GetProperty("data").EnumerateArray());
    }
}
