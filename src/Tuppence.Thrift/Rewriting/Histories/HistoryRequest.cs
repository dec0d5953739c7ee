using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>The history of a request: its blocks behind the head.</summary>
internal sealed class HistoryRequest
{
    /// <summary>A block of the history.</summary>
    /// <param name="Hash">Hash of its role and of what it says, wherever in a message it stands.</param>
    /// <param name="Index">Index among the blocks of the prompt.</param>
    /// <param name="Message">Index of its message in the body.</param>
    /// <param name="Tokens">Its tokens.</param>
    /// <param name="MayMove">Whether it is a text of the user's side that may be carried behind the history.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Block(UInt128 Hash, int Index, int Message, int Tokens, bool MayMove);

    /// <summary>The blocks in their order.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>For each of <see cref="Blocks"/> whether it goes behind the history.</summary>
    public List<bool> Carried { get; } = [];

    /// <summary>The messages, those of which nothing is left excluded.</summary>
    public List<HistoryMessage> Messages { get; } = [];

    /// <summary>Index of the last message of role user, or -1.</summary>
    public int LastUser { get; private set; }

    /// <summary>Tokens of the last block of that message: what the user said last.</summary>
    public int LastUserTokens { get; private set; }

    /// <summary>Whether there is thinking in it.</summary>
    public bool HasThinking { get; private set; }

    /// <summary>Reads the history of a prompt.</summary>
    /// <param name="prompt">The request.</param>
    /// <param name="firstMessage">Index of the first message that is not of the head.</param>
    /// <param name="stripsThinking">Whether thinking is taken out.</param>
    public void Read(Prompt prompt, int firstMessage, bool stripsThinking)
    {
        Blocks.Clear();
        Carried.Clear();
        Messages.Clear();
        HasThinking = false;
        LastUserTokens = 0;
        var body = prompt.Body;
        var json = body.Bytes.Span;
        LastUser = body.Messages.Length - 1;
        while (LastUser >= 0 && body.Messages[LastUser].Role != MessageRole.User)
        {
            LastUser--;
        }

        for (var i = 0; i < prompt.Blocks.Length; i++)
        {
            ref readonly var block = ref prompt.Blocks[i];
            HasThinking |= block.Kind == BlockKind.Thinking;
            if (block.Message < firstMessage)
            {
                continue;
            }

            var says = block.Text.IsEmpty ? block.Range : block.Text;
            var hash = PromptReader.Chain(XxHash128.HashToUInt128(says.Of(json)), (UInt128)(uint)block.Role);
            var mayMove = block.Kind == BlockKind.Text && block.Role is MessageRole.User && block.Message < LastUser && TextBlock.IsPlain(json, block);
            LastUserTokens = block.Message == LastUser ? block.Tokens : LastUserTokens;
            Blocks.Add(new Block(hash, i, block.Message, block.Tokens, mayMove));
            Carried.Add(stripsThinking && block.Kind == BlockKind.Thinking);
        }
    }

    /// <summary>Puts the messages together from the blocks that stay.</summary>
    public void Gather(Prompt prompt)
    {
        Messages.Clear();
        var hashes = new List<UInt128>();
        for (var i = 0; i < Blocks.Count;)
        {
            var message = Blocks[i].Message;
            var (tokens, isText) = (0, true);
            hashes.Clear();
            for (; i < Blocks.Count && Blocks[i].Message == message; i++)
            {
                if (Carried[i])
                {
                    continue;
                }

                hashes.Add(Blocks[i].Hash);
                tokens += Blocks[i].Tokens;
                isText &= prompt.Blocks[Blocks[i].Index].Kind is BlockKind.Text or BlockKind.Image;
            }

            if (hashes.Count > 0)
            {
                var role = prompt.Body.Messages[message].Role;
                Messages.Add(new HistoryMessage { Role = role, Blocks = [.. hashes], Tokens = tokens, IsText = isText, Index = message });
            }
        }
    }
}
