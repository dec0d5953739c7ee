using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Recording;

/// <summary>Names of kinds in a recording, both ways. What is not known reads as the last of its kind.</summary>
internal static class Names
{
    private static readonly string[] Kinds = ["text", "tool", "image", "document", "tool_use", "tool_result", "thinking", "other"];
    private static readonly string[] Sections = ["tools", "system", "messages"];

    public static string Of(BlockKind kind) => Kinds[(int)kind];

    public static string Of(PromptSection section) => Sections[(int)section];

    public static string Of(MessageRole role) => role.ToString().ToLowerInvariant();

    public static string Of(Ttl ttl) => ttl == Ttl.OneHour ? "1h" : "5m";

    public static BlockKind Kind(string name) => Array.IndexOf(Kinds, name) is >= 0 and var at ? (BlockKind)at : BlockKind.Other;

    public static PromptSection Section(string name) => Array.IndexOf(Sections, name) is >= 0 and var at ? (PromptSection)at : PromptSection.Messages;

    public static MessageRole Role(string name) => Enum.TryParse<MessageRole>(name, ignoreCase: true, out var role) ? role : MessageRole.Unknown;

    public static Ttl Life(string name) => name == "1h" ? Ttl.OneHour : Ttl.FiveMinutes;
}
