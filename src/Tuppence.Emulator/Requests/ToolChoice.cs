namespace Tuppence.Emulator.Requests;

/// <summary><c>tool_choice</c>: <c>auto</c>, <c>any</c>, <c>tool</c> with its name, or <c>none</c>.</summary>
internal readonly record struct ToolChoice(string Type, string? Name)
{
    /// <summary>The reply has to be a tool call.</summary>
    public bool Forces => Type is "any" or "tool";
}
