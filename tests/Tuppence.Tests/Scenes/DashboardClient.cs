using System.Text;
using System.Text.Json;

namespace Tuppence.Tests.Scenes;

/// <summary>Calls the dashboard's API as the page does.</summary>
internal static class DashboardClient
{
    public const string Own = "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n";

    public static Task<RawResponse> AskAsync(this TestGateway gateway, string path, string headers = "") =>
        gateway.SendAsync(RawClient.Get("/tuppence/api/" + path, headers));

    /// <summary>Asks and expects an answer; gives its root.</summary>
    public static async Task<JsonElement> GetJsonAsync(this TestGateway gateway, string path, string headers = "")
    {
        var answer = await gateway.AskAsync(path, headers);
        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Text}");
        return Root(answer);
    }

    public static Task<RawResponse> TellAsync(this TestGateway gateway, string method, string path, string body = "{}", string headers = Own, string type = "application/json") =>
        gateway.SendAsync($"{method} /tuppence/api/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n"
            + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(body)));

    /// <summary>Changes something and expects an answer; gives its root.</summary>
    public static async Task<JsonElement> TellJsonAsync(this TestGateway gateway, string method, string path, string body = "{}", string headers = Own)
    {
        var answer = await gateway.TellAsync(method, path, body, headers);
        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Text}");
        return Root(answer);
    }

    public static JsonElement Root(RawResponse answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.Clone();
    }
}
