using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>The token file's content: a format number and rows of grants, an upstream's account in use before its others.</summary>
internal sealed class TokenDocument
{
    private const int Format = 1;

    private static readonly JsonWriterOptions Readable = new() { Indented = true };

    private readonly JsonObject root;
    private readonly JsonArray grants;

    private TokenDocument(JsonObject root, JsonArray grants) => (this.root, this.grants) = (root, grants);

    /// <summary>Rows in order.</summary>
    public IEnumerable<JsonObject> Rows => grants.OfType<JsonObject>();

    /// <summary>No rows.</summary>
    public static TokenDocument Empty()
    {
        var grants = new JsonArray();
        return new TokenDocument(new JsonObject { ["format"] = Format, ["grants"] = grants }, grants);
    }

    /// <summary>Reads a file's content. Neither: it is broken. A newer format is not broken, and must not be replaced.</summary>
    public static (TokenDocument? Document, int NewerFormat) Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (JsonNode.Parse(bytes) is not JsonObject root || root["format"] is not JsonValue format || !format.TryGetValue(out int number) || number < Format)
            {
                return default;
            }

            return number > Format ? (null, number)
                : root["grants"] is JsonArray grants && grants.All(static row => row is JsonObject) ? (new TokenDocument(root, grants), 0)
                : default;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // ArgumentException: a member that stands twice.
            return default;
        }
    }

    /// <summary>The row in use for an upstream, or null.</summary>
    public JsonObject? Find(string upstream) => Rows.FirstOrDefault(row => GrantRow.Upstream(row) == upstream);

    /// <summary>The row of an upstream's account, or null.</summary>
    public JsonObject? Find(string upstream, string account) => Rows.FirstOrDefault(row => GrantRow.Upstream(row) == upstream && GrantRow.Account(row) == account);

    /// <summary>A new row.</summary>
    public JsonObject Add()
    {
        var row = new JsonObject();
        grants.Insert(0, row);
        return row;
    }

    /// <summary>Moves a row before all others.</summary>
    public void Prefer(JsonObject row)
    {
        grants.Remove(row);
        grants.Insert(0, row);
    }

    /// <summary>Takes a row out.</summary>
    public void Remove(JsonObject row) => grants.Remove(row);

    /// <summary>
    /// A generation that no row has or had, logouts included: a refresh of a sign-in that is gone must not fit a new one.
    /// </summary>
    public long NextGeneration()
    {
        var last = root["last_generation"] is JsonValue value && value.TryGetValue(out long number) ? number : 0;
        var next = Rows.Select(GrantRow.Generation).Append(last).Max() + 1;
        root["last_generation"] = next;
        return next;
    }

    /// <summary>Takes a row's generation into account.</summary>
    public void Passed(long generation)
    {
        if (root["last_generation"] is not JsonValue value || !value.TryGetValue(out long last) || last < generation)
        {
            root["last_generation"] = generation;
        }
    }

    /// <summary>The file's content.</summary>
    public ReadOnlySpan<byte> ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            root.WriteTo(writer);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }
}
