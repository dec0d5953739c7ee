using System.Globalization;
using System.Text;
using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>The words of a reply that nobody queued: who speaks, what was asked, what the request held.</summary>
/// <remarks>A pure function of the request: the same request gets the same words.</remarks>
internal static class PlainAnswer
{
    private const int QuoteLength = 240;

    private static readonly string[] Openings =
    [
        "Still the emulator here, and still listening.", "Here is the next reply.", "All right, on we go.", "I have read that with care.", "Message received, word for word.",
    ];

    private static readonly string[] Closings =
    [
        "A real model would now say something clever; I only show that your front end works.",
        "Ask me anything else: the words change, the rules stay the same.",
        "If this text appeared piece by piece, streaming works on your side.",
        "Try a swipe, an edit or a stop in the middle: each is a request of its own.",
        "To talk to Claude itself, give the gateway an API key; nothing else has to change.",
    ];

    /// <summary>The text of the reply; <paramref name="seed"/> picks among the turns of phrase.</summary>
    public static string Text(MessageRequest request, uint seed)
    {
        var talk = request.Conversation;
        var text = new StringBuilder();
        if (talk.Prefill is { } prefill)
        {
            return text
                .Append(prefill.Length == 0 ? "" : " ")
                .Append("and from here the emulator carries on, just where your words left off. ")
                .Append(Facts(request)).Append(' ').Append(Closings[seed % Closings.Length]).ToString();
        }

        text.Append(talk.Replies == 0
            ? "Hello! This is Tuppence's emulator, an offline stand-in for Claude. No account is used, and nothing you write leaves this machine."
            : Openings[seed % Openings.Length]);
        text.Append("\n\n").Append(Echo(talk));
        text.Append("\n\n").Append(Facts(request)).Append(' ').Append(Closings[seed / 7 % Closings.Length]);
        return text.ToString();
    }

    /// <summary>The text of its thinking.</summary>
    public static string Thinking(MessageRequest request)
    {
        var asked = request.Conversation.LastUserText;
        return asked.Length == 0
            ? "There is no text in the last turn, so I look at what else it holds and answer that."
            : $"The user wrote: “{Quote(asked)}” I am the emulator, so there is no need to be clever: greet where it is the first reply, repeat the question, say what the request held, and stop.";
    }

    private static string Echo(Conversation talk)
    {
        if (talk.LastToolResult is { } result)
        {
            return result.Length == 0 ? "The tool came back without a word." : $"The tool answered: “{Quote(result)}”";
        }

        return talk.LastUserText.Length == 0 ? "Your last message had no text in it." : $"You wrote: “{Quote(talk.LastUserText)}”";
    }

    private static string Facts(MessageRequest request)
    {
        var held = new List<string> { Count(request.Conversation.Messages, "message") };
        if (request.Root.Member("system"u8) is not null)
        {
            held.Add("a system prompt");
        }

        if (request.Conversation.Images > 0)
        {
            held.Add(Count(request.Conversation.Images, "image"));
        }

        if (request.Tools.Count > 0)
        {
            held.Add(Count(request.Tools.Count, "tool"));
        }

        var list = held.Count == 1 ? held[0] : $"{string.Join(", ", held[..^1])} and {held[^1]}";
        return $"Your request to {request.Model.DisplayName} held {list}, about {request.InputTokens.ToString("N0", CultureInfo.InvariantCulture)} tokens in all.";
    }

    private static string Count(int number, string noun) =>
        number == 1 ? $"one {noun}" : $"{number.ToString("N0", CultureInfo.InvariantCulture)} {noun}s";

    private static string Quote(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= QuoteLength)
        {
            return line;
        }

        var end = char.IsLowSurrogate(line[QuoteLength]) ? QuoteLength - 1 : QuoteLength;
        return $"{line[..end].TrimEnd()} …";
    }
}
