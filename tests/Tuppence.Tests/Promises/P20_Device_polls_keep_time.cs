using System.Collections.Concurrent;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Promises;

/// <summary>P20: the device flow polls at exactly the instants that RFC 8628 sections 3.4 and 3.5 allow, by a clock that the test moves.</summary>
public sealed class P20_Device_polls_keep_time
{
    private const string Pending = """{"error":"authorization_pending"}""";
    private const string SlowDown = """{"error":"slow_down"}""";

    private readonly GatewayClock clock = new();
    private readonly ConcurrentQueue<double> instants = [];

    [Fact]
    public async Task Five_seconds_apart_where_the_issuer_says_nothing() =>
        await PollsAtAsync([5, 10, 15], null, [Pending, Pending, null]);

    [Fact]
    public async Task As_far_apart_as_the_issuer_says() =>
        await PollsAtAsync([7, 14], 7, [Pending, null]);

    [Fact]
    public async Task Slow_down_adds_five_seconds_for_good() =>
        await PollsAtAsync([5, 15, 25, 40, 55], null, [SlowDown, Pending, SlowDown, Pending, null]);

    [Fact]
    public async Task An_issuer_that_fails_is_asked_ever_less_often_until_it_answers() =>
        await PollsAtAsync([5, 15, 35, 40], null, ["500", "500", Pending, null]);

    [Fact]
    public async Task It_stops_when_the_code_ends()
    {
        await PollsAtAsync([5, 10], null, [Pending, Pending], expires: 12, SignInProblemKind.Expired);
        Assert.Equal(12, (clock.GetUtcNow() - clock.Start).TotalSeconds);
    }

    [Fact]
    public async Task A_code_that_the_issuer_calls_expired_ends_it() =>
        await PollsAtAsync([5], null, ["""{"error":"expired_token"}"""], 300, SignInProblemKind.Expired);

    [Fact]
    public async Task A_refusal_ends_it() =>
        await PollsAtAsync([5], null, ["""{"error":"access_denied"}"""], 300, SignInProblemKind.Denied);

    [Fact]
    public async Task A_refused_client_ends_it() =>
        await PollsAtAsync([5], null, ["""{"error":"invalid_client"}"""], 300, SignInProblemKind.NoTokens);

    [Fact]
    public async Task A_client_without_registration_sends_no_client_id()
    {
        await using var scene = new IssuerScene(clock);
        var (signIn, _) = await (await scene.PlanAsync(static client => client with { ClientId = null })).StartDeviceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("ABCD-EFGH", scene.Server.Issuer + "/activate"), (signIn!.UserCode, signIn.VerificationUri.AbsoluteUri));
        var waiting = signIn.WaitAsync(TestContext.Current.CancellationToken);
        await clock.UntilArmedAsync(TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True((await waiting).IsSuccess);
        Assert.All(scene.Server.Forms("/device").Concat(scene.Server.Forms("/token")), static form => Assert.False(form.ContainsKey("client_id")));
        Assert.Null(scene.Keeper.Grants["work"].ClientId);
        Assert.Null(scene.Keeper.Grants["work"].IdToken);
    }

    [Fact]
    public async Task Giving_up_ends_the_polling()
    {
        await using var scene = new IssuerScene(clock);
        var (signIn, _) = await (await scene.PlanAsync()).StartDeviceAsync(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var waiting = signIn!.WaitAsync(stop.Token);
        await clock.UntilArmedAsync(TimeSpan.FromSeconds(5));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Empty(scene.Server.Forms("/token"));
    }

    [Theory]
    [InlineData("\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"http://phish.example/\"")]
    [InlineData("\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"javascript:alert(1)\"")]
    [InlineData("\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"https://claude.ai/device\"")]
    [InlineData("\"device_code\":\"d\",\"verification_uri\":\"https://x.example\"")]
    [InlineData("\"error\":\"unauthorized_client\"")]
    public async Task Codes_that_lead_astray_are_refused(string answer)
    {
        await using var scene = new IssuerScene(clock);
        scene.Server.Device = answer;

        var (signIn, problem) = await (await scene.PlanAsync()).StartDeviceAsync(TestContext.Current.CancellationToken);

        Assert.Null(signIn);
        Assert.Equal(SignInProblemKind.IssuerError, problem!.Kind);
    }

    /// <summary>Plays the answers, null for tokens; and demands that polls came at these seconds.</summary>
    private async Task PollsAtAsync(double[] expected, int? interval, string?[] answers, int expires = 300, SignInProblemKind? ends = null)
    {
        await using var scene = new IssuerScene(clock);
        scene.Server.Device = $"\"device_code\":\"dev-1\",\"user_code\":\"U\",\"verification_uri\":\"{scene.Server.Issuer}/activate\",\"expires_in\":{expires}{(interval is null ? "" : $",\"interval\":{interval}")}";
        var left = new Queue<string?>(answers);
        scene.Server.Token = call =>
        {
            instants.Enqueue((clock.GetUtcNow() - clock.Start).TotalSeconds);
            var answer = left.Dequeue();
            return answer is null ? call.AnswerAsync(200, scene.Server.Tokens()) : answer == "500" ? call.AnswerAsync(500, Pending) : call.AnswerAsync(400, answer);
        };
        var (signIn, problem) = await (await scene.PlanAsync()).StartDeviceAsync(TestContext.Current.CancellationToken);
        Assert.True(signIn is not null, problem?.Message);
        var waiting = signIn.WaitAsync(TestContext.Current.CancellationToken);
        while (true)
        {
            // Time moves by what the flow itself waits for, and by nothing else; the time limits of requests are not among that.
            var armed = clock.NextArmedAsync(except: OAuthTransport.Timeout);
            if (await Task.WhenAny(waiting, armed) == waiting)
            {
                break;
            }

            clock.Advance(await armed);
        }

        var result = await waiting;
        Assert.Equal(ends, result.Problem?.Kind);
        Assert.Empty(left);
        Assert.Equal(expected, instants);
    }
}
