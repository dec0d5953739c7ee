using System.Text.Json;

namespace Tuppence.Dashboard.Json;

/// <summary>Members of what the dashboard sends.</summary>
internal static class JsonMembers
{
    /// <summary>The text of a member; null where it is absent, something else, or no Unicode text.</summary>
    public static string? TextOf(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? TextOf(member) : null;

    private static string? TextOf(JsonElement member)
    {
        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate (RFC 8259 section 8.2).
            return null;
        }
    }
}
