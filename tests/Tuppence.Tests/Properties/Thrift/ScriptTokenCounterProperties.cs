using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Tests.Properties.Thrift;

public sealed class ScriptTokenCounterProperties
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char['\u0001', '\u007f'].Select(static c => c.ToString()),
        Gen.Char['\u0080', '\u07ff'].Select(static c => c.ToString()),
        Gen.Char['\u0800', '\ud7ff'].Select(static c => c.ToString()),
        Gen.Int[0x10000, 0x10ffff].Select(char.ConvertFromUtf32),
        Gen.Const("\\"),
        Gen.Const("\\u00e9"),
        Gen.Const("plain words of a chat that fill a whole step, and some more of them besides"))
        .Array[0, 120].Select(static parts => string.Concat(parts));

    [Fact]
    public void A_text_counts_as_its_letters_do_however_they_are_written() =>
        Gen.Select(Text, Gen.Bool).Sample(
            static (text, escapesAll) =>
            {
                var encoder = escapesAll ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
                var written = Encoding.UTF8.GetBytes(JsonEncodedText.Encode(text, encoder).ToString());

                Assert.Equal(Expected(text), ScriptTokenCounter.Instance.Count(BlockKind.Text, written, 0, beginsMessage: false));
            },
            iter: 3_000);

    private static int Expected(string text)
    {
        var (ascii, two, more) = (0, 0, 0);
        foreach (var letter in text.EnumerateRunes())
        {
            ascii += letter.Value < 0x80 ? 1 : 0;
            two += letter.Value is >= 0x80 and < 0x800 ? 1 : 0;
            more += letter.Value >= 0x800 ? 1 : 0;
        }

        return (int)Math.Ceiling((ascii / 3.6) + (two * 0.5) + more) + 4;
    }
}
