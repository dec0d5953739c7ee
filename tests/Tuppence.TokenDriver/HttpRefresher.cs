using System.Globalization;
using System.Text.Json;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.TokenDriver;

/// <summary>Refreshes over HTTP, telling the server which process asks. For tests of the store; the gateway's own client is another.</summary>
/// <param name="answered">Called when an answer has come and nobody has seen it yet.</param>
public sealed class HttpRefresher(Action? answered = null) : IGrantRefresher, IDisposable
{
    private readonly HttpClient client = new();

    public async Task<TokenResult> RefreshAsync(StoredGrant grant, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"),
            new("refresh_token", grant.RefreshToken!.Reveal()),
            new("process", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
        ]);
        try
        {
            using var response = await client.PostAsync(grant.TokenEndpoint, form, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            answered?.Invoke();
            return Read(text, (int)response.StatusCode, response.Headers.Date);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return Problem(TokenProblemKind.NotSent, null, "The connection was refused.");
        }
        catch (HttpRequestException)
        {
            return Problem(TokenProblemKind.Unknown, null, "The answer was cut off.");
        }
    }

    public void Dispose() => client.Dispose();

    private static TokenResult Read(string text, int status, DateTimeOffset? date)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var answer = document.RootElement;
            return Text(answer, "error") is { } error
                ? Problem(error == "invalid_grant" ? TokenProblemKind.GrantRejected : error == "invalid_client" ? TokenProblemKind.ClientRejected : TokenProblemKind.Unknown, error, $"It said {error}.", true)
                : TokenResult.Of(new TokenAnswer(
                    new Secret(Text(answer, "access_token")!),
                    Text(answer, "refresh_token") is { } refresh ? new Secret(refresh) : null,
                    null,
                    TimeSpan.FromSeconds(answer.GetProperty("expires_in").GetDouble()),
                    null,
                    date));
        }
        catch (JsonException)
        {
            return Problem(TokenProblemKind.Unknown, null, $"It answered {status} without JSON.", true);
        }
    }

    private static string? Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static TokenResult Problem(TokenProblemKind kind, string? error, string detail, bool isAnswered = false) =>
        TokenResult.Of(new TokenProblem(kind, error, detail) { IsAnswered = isAnswered });
}
