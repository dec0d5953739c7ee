namespace Tuppence.Tests.Scenes;

/// <summary>Plays what an upstream may do, and knows what it means.</summary>
public static class Plays
{
    /// <summary>True where the same upstream is asked again.</summary>
    public static bool IsRetried(Play play) => play is Play.Status408 or Play.Status429 or Play.Status500 or Play.Status503 or Play.Status529;

    /// <summary>True where the upstream said that it did not serve the request, so that another may be asked.</summary>
    public static bool IsRefusal(Play play) => IsRetried(play) || play is Play.RefusedFor or Play.ErrorEvent;

    /// <summary>True where the upstream may have done the work, as far as anyone can tell from outside.</summary>
    public static bool MayBePaid(Play play) => !IsRefusal(play) && play is not (Play.Status400 or Play.Status401);

    /// <summary>Does it.</summary>
    public static async Task PlayAsync(UpstreamCall call, Play play)
    {
        const string Json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        switch (play)
        {
            case >= Play.Status400 and <= Play.Status529:
                await call.AnswerAsync(int.Parse(play.ToString()[6..]), "{}");
                return;
            case Play.RefusedFor:
                await call.AnswerAsync(500, "{}", "x-should-retry: false\r\n");
                return;
            case Play.ResetBeforeHead:
                call.Reset();
                return;
            case Play.CloseBeforeHead:
                call.Close();
                return;
            case Play.NoHttp:
                await call.SendAsync("SSH-2.0-x\r\n\r\n");
                call.Close();
                return;
            case Play.HalfHead:
                await call.SendAsync("HTTP/1.1 429 Too");
                call.Close();
                return;
            case Play.CutBody or Play.ResetBody:
                await call.SendAsync(Json + "Content-Length: 100\r\n\r\n{");
                (play == Play.CutBody ? (Action)call.Close : call.Reset)();
                return;
            case Play.BadChunk:
                await call.SendAsync(Json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
                return;
            case Play.CutStream or Play.ResetStream or Play.SilentStream or Play.ErrorEvent:
                await call.BeginStreamAsync();
                await call.SendChunkAsync(play == Play.ErrorEvent
                    ? "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"
                    : Sse.Start);
                await (play == Play.SilentStream ? call.UntilClosedAsync() : Task.CompletedTask);
                (play == Play.ResetStream ? (Action)call.Reset : call.Close)();
                return;
            case Play.SilentBeforeHead:
                await call.UntilClosedAsync();
                return;
            default:
                await call.AnswerAsync(200, "{}");
                return;
        }
    }
}
