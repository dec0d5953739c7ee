using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Tuppence.Tests.Scenes;

/// <summary>
/// A token endpoint that rotates refresh tokens (RFC 9700 section 4.14.2): each is good once; one that comes again ends its family, unless it was spent
/// less than <see cref="Leeway"/> ago. It counts what matters: refreshes, reuse, and how often each token came.
/// </summary>
public sealed class RotatingIssuer : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Family> families = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> sent = new(StringComparer.Ordinal);
    private int counter;

    private RotatingIssuer(WebApplication server) => this.server = server;

    public Uri Endpoint { get; private set; } = null!;

    /// <summary>For how long a spent token is forgiven.</summary>
    public TimeSpan Leeway { get; init; }

    public double LifetimeSeconds { get; init; } = 3600;

    /// <summary>Called with the number of the request and the process that sent it, before the issuer acts.</summary>
    public Func<int, int, Task> BeforeActing { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Called likewise after it acted and before it answers; true: the answer is given by the callee.</summary>
    public Func<int, HttpContext, Task<bool>> BeforeAnswering { get; set; } = static (_, _) => Task.FromResult(false);

    /// <summary>Whether answers carry a new refresh token.</summary>
    public bool Rotates { get; init; } = true;

    public int Requests { get; private set; }

    /// <summary>Requests answered with tokens.</summary>
    public int Refreshes { get; private set; }

    /// <summary>Spent tokens that came again and were forgiven.</summary>
    public int Forgiven { get; private set; }

    /// <summary>Spent tokens that came again and ended their family.</summary>
    public int Reuses { get; private set; }

    /// <summary>The most often that any one token came.</summary>
    public int MostSent => sent.IsEmpty ? 0 : sent.Values.Max();

    public static async Task<RotatingIssuer> StartAsync(TimeSpan leeway = default, double lifetimeSeconds = 3600, bool rotates = true)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var issuer = new RotatingIssuer(server) { Leeway = leeway, LifetimeSeconds = lifetimeSeconds, Rotates = rotates };
        server.Run(issuer.AnswerAsync);
        await server.StartAsync();
        issuer.Endpoint = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/token");
        return issuer;
    }

    /// <summary>A sign-in: the first refresh token of a new family.</summary>
    public string SignIn()
    {
        lock (gate)
        {
            var family = new Family($"f{++counter}");
            families[family.Name] = family;
            return family.Next();
        }
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var number = Arrived(form["refresh_token"].ToString());
        await BeforeActing(number, int.Parse(form["process"].ToString(), CultureInfo.InvariantCulture));
        var (status, text) = Act(form["refresh_token"].ToString());
        if (!await BeforeAnswering(number, context))
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(text);
        }
    }

    private int Arrived(string token)
    {
        lock (gate)
        {
            sent.AddOrUpdate(token, 1, static (_, count) => count + 1);
            return Requests++;
        }
    }

    private (int Status, string Text) Act(string token)
    {
        lock (gate)
        {
            var family = families.GetValueOrDefault(token.Split('.')[0]);
            var now = TimeProvider.System.GetTimestamp();
            if (family is null || family.IsEnded)
            {
                return Refusal;
            }

            if (token != family.Current)
            {
                if (TimeProvider.System.GetElapsedTime(family.Spent.GetValueOrDefault(token, long.MinValue / 2), now) >= Leeway)
                {
                    Reuses++;
                    family.IsEnded = true;
                    return Refusal;
                }

                Forgiven++;
            }
            else if (Rotates)
            {
                family.Spent[token] = now;
            }

            Refreshes++;
            var refresh = Rotates ? $",\"refresh_token\":\"{family.Next()}\"" : "";
            return (200, string.Create(CultureInfo.InvariantCulture, $"{{\"access_token\":\"at-{family.Name}-{Refreshes}\",\"token_type\":\"Bearer\",\"expires_in\":{LifetimeSeconds}{refresh}}}"));
        }
    }

    private static (int Status, string Text) Refusal => (400, """{"error":"invalid_grant"}""");

    private sealed class Family(string name)
    {
        private int count;

        public string Name => name;

        public string Current { get; private set; } = "";

        public bool IsEnded { get; set; }

        public Dictionary<string, long> Spent { get; } = new(StringComparer.Ordinal);

        public string Next() => Current = $"{name}.{++count}.{Guid.NewGuid():N}";
    }
}
