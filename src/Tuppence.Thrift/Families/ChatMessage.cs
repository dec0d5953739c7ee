namespace Tuppence.Thrift.Families;

/// <summary>A message.</summary>
internal sealed record ChatMessage(bool IsUser, IReadOnlyList<ChatBlock> Blocks)
{
    /// <summary>With one text.</summary>
    public ChatMessage(bool isUser, string text)
        : this(isUser, [ChatBlock.Text(text)])
    {
    }

    /// <summary>With one block more at its end.</summary>
    public ChatMessage With(ChatBlock block) => this with { Blocks = [.. Blocks, block] };
}
