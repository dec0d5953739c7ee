using System.Buffers;
using System.Text.Json;
using Tuppence.Configuration.Layers;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration.Catalogue;

/// <summary>A key that travels in a header. Never shown, not even where it is wrong.</summary>
internal sealed class SecretFormat : ValueFormat<Secret?>
{
    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(c => (char)c)]);

    public override string Accepted => "a key of visible ASCII characters without spaces";

    /// <summary>True where the text can be sent as a key.</summary>
    public static bool IsKey(ReadOnlySpan<char> text) => !text.IsEmpty && text.Length <= 4096 && text.IndexOfAnyExcept(Visible) < 0;

    public override bool TryRead(ConfigNode node, Reading reading, out Secret? value)
    {
        value = null;
        if (!node.IsText)
        {
            reading.RefuseType(node, "a string", secret: true);
            return false;
        }

        if (!IsKey(node.Text))
        {
            reading.Refuse(node, node.Text.Length == 0 ? "The key is empty." : "The key holds a space or a character that cannot be sent in a header.");
            return false;
        }

        value = new Secret(node.Text);
        return true;
    }

    public override bool IsSecret => true;

    public override bool Masks(Secret? value) => value is not null;

    public override string Show(Secret? value) => value is null ? "-" : value.ToString();

    public override void Write(Utf8JsonWriter writer, Secret? value) => writer.WriteStringValue(value?.ToString());
}
