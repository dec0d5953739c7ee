namespace Tuppence.Tests.Scenes;

/// <summary>What an upstream may do with a request.</summary>
public enum Play
{
    Answer, Status400, Status401, Status408, Status429, Status500, Status503, Status529, ResetBeforeHead, CloseBeforeHead, NoHttp,
    CutBody, ResetBody, BadChunk, CutStream, ResetStream, ErrorEvent, SilentBeforeHead, SilentStream, RefusedFor, HalfHead,
}
