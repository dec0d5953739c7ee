using System.Globalization;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>
/// Tools of the client: name, description and schema are carried; the program sorts them by name, cuts long descriptions, and puts choices
/// at the top of a schema into words (seen in 2.1.330).
/// </summary>
internal static class CarriedTools
{
    private const int LongestDescription = 4096;

    /// <summary>Checks what the request has.</summary>
    public static void Fit(EditDraft draft, List<string> done)
    {
        var body = draft.Body;
        var bytes = body.Bytes.Span;
        if (!body.TryFind("tools"u8, out var member) || bytes[member.Value.Start] == 'n')
        {
            return;
        }

        if (bytes[member.Value.Start] != '[')
        {
            CarriedRequest.Refuse(draft, member.Value.Start, "\"tools\" must be an array");
            return;
        }

        var names = new List<string>();
        var (cut, restated) = (0, 0);
        foreach (ref readonly var block in body.Tools)
        {
            if (!ToolParts.TryRead(block.Range.Of(bytes), out var tool) || tool.Name.IsEmpty || tool.Name[0] != '"' || !(tool.Description.IsEmpty || tool.Description[0] == '"'))
            {
                CarriedRequest.Refuse(draft, block.Range.Start, "a tool needs a name, and its description must be a string");
                return;
            }

            if (!tool.Type.IsEmpty && !JsonText.Means(tool.Type, "custom"u8))
            {
                CarriedRequest.Refuse(draft, block.Range.Start, "Claude Code carries a client's own tools alone, not those of the API (such as web_search); leave them out, or send the request to another upstream");
                return;
            }

            if (!JsonText.TryMember(tool.Schema, "type"u8, out var type) || !JsonText.Means(type, "object"u8))
            {
                CarriedRequest.Refuse(draft, block.Range.Start, "a tool's \"input_schema\" must have the type \"object\"");
                return;
            }

            var name = JsonText.Decode(tool.Name);
            if (!IsName(name) || names.Contains(name))
            {
                CarriedRequest.Refuse(draft, block.Range.Start, "tools must have names of their own, of 1 to 128 letters, digits, _ and -");
                return;
            }

            names.Add(name);
            cut += !tool.Description.IsEmpty && JsonText.Decode(tool.Description).Length > LongestDescription ? 1 : 0;
            restated += HasChoice(tool.Schema) ? 1 : 0;
            ToolParts.NoteOthers(block.Range.Of(bytes), done);
        }

        Say(done, names, cut, restated);
    }

    private static void Say(List<string> done, List<string> names, int cut, int restated)
    {
        if (!names.SequenceEqual(names.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            done.Add("tools sorted by name");
        }

        if (cut > 0)
        {
            done.Add(string.Create(CultureInfo.InvariantCulture, $"{cut} tool descriptions cut to {LongestDescription} characters"));
        }

        if (restated > 0)
        {
            done.Add(string.Create(CultureInfo.InvariantCulture, $"{restated} tool schemas restated"));
        }
    }

    // What the API takes: https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools (2026-08-22).
    private static bool IsName(string name) => name.Length is > 0 and <= 128 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static bool HasChoice(ReadOnlySpan<byte> schema) =>
        JsonText.TryMember(schema, "oneOf"u8, out _) || JsonText.TryMember(schema, "anyOf"u8, out _) || JsonText.TryMember(schema, "allOf"u8, out _);
}
