using System.Text;

namespace Tuppence.Thrift.Families;

/// <summary>A request in the making.</summary>
internal sealed class ChatBody
{
    /// <summary>The model.</summary>
    public string Model { get; set; } = "claude-sonnet-5";

    /// <summary>Other members, each as JSON with a comma at its end.</summary>
    public string Settings { get; set; } = "";

    /// <summary>Tool definitions as JSON.</summary>
    public List<string> Tools { get; init; } = [];

    /// <summary>Texts of the system prompt, a block each.</summary>
    public List<string> System { get; init; } = [];

    /// <summary>The messages.</summary>
    public List<ChatMessage> Messages { get; init; } = [];

    /// <summary>Tokens, roughly.</summary>
    public int Tokens => (int)((System.Sum(static text => text.Length) + Messages.Sum(static message => message.Blocks.Sum(static block => block.Json.Length - 25))) / 3.6);

    /// <summary>Another that can be changed without changing this one.</summary>
    public ChatBody Copy() => new() { Model = Model, Settings = Settings, Tools = [.. Tools], System = [.. System], Messages = [.. Messages] };

    /// <summary>The message so many messages before the end; 0 is the last.</summary>
    public void InsertAtDepth(int depth, string text)
    {
        // As SillyTavern does it: an injection has the role of the user and joins the user's message that it falls on.
        var place = Math.Max(0, Messages.Count - 1 - depth);
        while (place > 0 && !Messages[place].IsUser)
        {
            place--;
        }

        Messages[place] = Messages[place].With(ChatBlock.Text(text));
    }

    /// <summary>The body as UTF-8.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var json = new StringBuilder(64 * 1024).Append("{\"model\":\"").Append(Model).Append("\",\"max_tokens\":1024,\"stream\":true,").Append(Settings);
        if (Tools.Count > 0)
        {
            json.Append("\"tools\":[").AppendJoin(',', Tools).Append("],");
        }

        json.Append("\"system\":[").AppendJoin(',', System.Select(static text => ChatBlock.Text(text).Json)).Append("],\"messages\":[");
        var separator = "";
        foreach (var message in Messages)
        {
            json.Append(separator).Append(message.IsUser ? "{\"role\":\"user\",\"content\":[" : "{\"role\":\"assistant\",\"content\":[");
            json.AppendJoin(',', message.Blocks.Select(static block => block.Json)).Append("]}");
            separator = ",";
        }

        return Encoding.UTF8.GetBytes(json.Append("]}").ToString());
    }
}
