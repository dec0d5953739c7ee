using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tuppence.Thrift.Families;

/// <summary>A content block, as JSON.</summary>
internal readonly record struct ChatBlock(string Json)
{
    private static readonly JsonEncodedText Nothing = JsonEncodedText.Encode("");

    /// <summary>Text.</summary>
    public static ChatBlock Text(string text) => new($$"""{"type":"text","text":"{{Escaped(text)}}"}""");

    /// <summary>A picture; the number tells pictures apart.</summary>
    public static ChatBlock Image(int number) => new(
        $$$"""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(number.ToString("D60", CultureInfo.InvariantCulture)))}}}"}}""");

    /// <summary>A call of a tool.</summary>
    public static ChatBlock Call(int number, string path) => new($$$"""{"type":"tool_use","id":"toolu_{{{number:D8}}}","name":"read_file","input":{"path":"{{{Escaped(path)}}}"}}""");

    /// <summary>Its result.</summary>
    public static ChatBlock Result(int number, string text) => new($$"""{"type":"tool_result","tool_use_id":"toolu_{{number:D8}}","content":"{{Escaped(text)}}"}""");

    private static string Escaped(string text) => text.Length == 0 ? Nothing.Value : JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
}
