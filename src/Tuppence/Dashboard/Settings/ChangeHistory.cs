using System.Text.Json;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Dashboard.Settings;

/// <summary>
/// The latest changes that were made on the dashboard, in the state folder, so that they can be taken back after a restart too. The file may
/// hold what a configuration holds, keys among it: only its owner can read it. A history that cannot be kept stops no change; one that cannot be read is begun anew.
/// </summary>
/// <param name="stateDirectory">The folder.</param>
/// <param name="name">Name of the file in it.</param>
internal sealed class ChangeHistory(string stateDirectory, string name)
{
    /// <summary>Changes that are kept; the oldest go first.</summary>
    public const int Most = 50;

    private const int MostBytes = 16 * 1024 * 1024;

    private readonly PrivateFolder folder = new(stateDirectory, MostBytes);

    /// <summary>All that are kept, newest first.</summary>
    public List<KeptChange> Read()
    {
        try
        {
            var changes = new List<KeptChange>();
            if (folder.Read(name).Bytes is not { } bytes)
            {
                return changes;
            }

            using var document = JsonDocument.Parse(bytes);
            foreach (var one in document.RootElement.EnumerateArray())
            {
                var before = one.GetProperty("before");
                changes.Add(new KeptChange(
                    one.GetProperty("at").GetDateTimeOffset(),
                    one.GetProperty("file").GetString()!,
                    one.GetProperty("text").GetString()!,
                    one.GetProperty("after").GetString()!,
                    before.ValueKind == JsonValueKind.Null ? null : before.GetBytesFromBase64()));
            }

            return changes;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return [];
        }
    }

    /// <summary>Keeps these, newest first, as far as they fit. The problem, or null.</summary>
    public string? Write(IEnumerable<KeptChange> changes)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartArray();
            var size = 0L;
            foreach (var change in changes.Take(Most))
            {
                size += 512 + ((change.Before?.Length ?? 0) * 4L / 3);
                if (size > MostBytes)
                {
                    break;
                }

                json.WriteStartObject();
                json.WriteString("at"u8, change.At);
                json.WriteString("file"u8, change.File);
                json.WriteString("text"u8, change.Text);
                json.WriteString("after"u8, change.After);
                if (change.Before is { } before)
                {
                    json.WriteBase64String("before"u8, before);
                }
                else
                {
                    json.WriteNull("before"u8);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return folder.Replace(name, output.ToArray());
    }
}
