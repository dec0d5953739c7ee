using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tuppence.Emulator.Requests;

/// <summary>Questions about the shape of a JSON value, answered without an exception.</summary>
internal static class Shape
{
    /// <summary>The member, where it is there and not <c>null</c>.</summary>
    public static JsonElement? Member(this JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    /// <summary>The member as text; <see langword="null"/> where it is absent or not a string.</summary>
    public static string? Text(this JsonElement value, ReadOnlySpan<byte> name) =>
        value.Member(name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    /// <summary>The value as a whole number that fits.</summary>
    public static int? Whole(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Whether it is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement? value) => value is { ValueKind: JsonValueKind.True };

    /// <summary>Length in bytes of the value as it stands in the body.</summary>
    public static int RawLength(this JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;
}
