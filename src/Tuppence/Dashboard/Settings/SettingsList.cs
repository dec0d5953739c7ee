using System.Buffers;
using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;
using Tuppence.Configuration.Loading;
using Tuppence.Configuration.Rules;
using Tuppence.Dashboard.Json;

namespace Tuppence.Dashboard.Settings;

/// <summary>The options with their values, as the dashboard shows them: <c>Setting</c> of the contract.</summary>
internal static class SettingsList
{
    private const string Prefix = "upstreams.";

    /// <summary>Writes the member <c>settings</c>.</summary>
    public static void Write(Utf8JsonWriter json, LoadedConfiguration loaded)
    {
        json.WriteStartArray("settings"u8);
        foreach (var setting in GatewaySettings.All)
        {
            Write(json, setting, setting.Key, loaded.Config, loaded);
        }

        foreach (var (name, upstream) in loaded.Config.Upstreams.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            // An upstream that “upstream” gives as a URL has no entry that could be edited.
            foreach (var setting in NameRules.Upstream(name) is null ? UpstreamSettings.All : [])
            {
                Write(json, setting, $"{Prefix}{name}.{setting.Key}", upstream, loaded);
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Why an option cannot be changed here; null: it can.</summary>
    public static string? WhyFixed(string path, LoadedConfiguration? loaded)
    {
        if (SettingIndex.Gateway(path) is null && SettingIndex.Upstream(path, out _) is null)
        {
            return SettingIndex.Suggest(path) is { } near ? $"There is no such option. Did you mean {near}?" : "There is no such option.";
        }

        return loaded?.OriginOf(path) is { Kind: OriginKind.Environment or OriginKind.Flag } origin
            ? $"{origin} decides this. Take it away there first."
            : SettingIndex.Gateway(path) is { NeedsRestart: true } ? "This needs a restart. Change it in the file and start Tuppence anew."
            : null;
    }

    /// <summary>The value as the file should hold it: text for an option that is a number, a list or the like becomes one, where it can be read.</summary>
    public static JsonElement Written(string path, JsonElement given) => given.ValueKind != JsonValueKind.String ? given
        : SettingIndex.Gateway(path) is { } setting ? Written(setting, given)
        : SettingIndex.Upstream(path, out _) is { } inside ? Written(inside, given)
        : given;

    /// <summary>A change in words, without secrets.</summary>
    public static string Describe(string path, LoadedConfiguration? before, LoadedConfiguration after)
    {
        if (SettingIndex.Gateway(path) is { } setting)
        {
            return Describe(setting, path, before?.Config ?? new GatewayConfig(), after.Config);
        }

        return SettingIndex.Upstream(path, out var name) is { } inside
            ? Describe(inside, path, before?.Config.Upstreams.GetValueOrDefault(name) ?? new UpstreamConfig(), after.Config.Upstreams.GetValueOrDefault(name) ?? new UpstreamConfig())
            : path;
    }

    private static string Describe<TOwner>(Setting<TOwner> setting, string path, TOwner before, TOwner after)
        where TOwner : new() => setting.Masks(before) || setting.Masks(after) ? $"{path} changed" : $"{path}: {Short(setting.Show(before))} → {Short(setting.Show(after))}";

    private static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;

    private static void Write<TOwner>(Utf8JsonWriter json, Setting<TOwner> setting, string path, TOwner owner, LoadedConfiguration loaded)
        where TOwner : new()
    {
        var origin = loaded.OriginOf(path).Kind;
        var masks = setting.Masks(owner);
        json.WriteStartObject();
        json.WriteString("path"u8, path);
        json.WriteString("group"u8, path.StartsWith(Prefix, StringComparison.Ordinal) ? path[..path.IndexOf('.', Prefix.Length)] : path.Contains('.', StringComparison.Ordinal) ? path[..path.IndexOf('.', StringComparison.Ordinal)] : "");
        json.WriteString("text"u8, setting.Summary);
        json.WritePropertyName("value"u8);
        if (masks)
        {
            json.WriteStringValue("set"u8);
        }
        else if (origin is OriginKind.Default or OriginKind.Container || setting.IsSecret)
        {
            json.WriteNullValue();
        }
        else
        {
            setting.Write(json, owner);
        }

        json.WriteString("default"u8, setting.Default == "-" ? "" : setting.Default);
        json.WriteString("range"u8, setting.Choices is null ? setting.Accepted : null);
        if (setting.Choices is { } choices)
        {
            json.WriteStartArray("choices"u8);
            foreach (var choice in choices)
            {
                json.WriteStringValue(choice);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("choices"u8);
        }

        json.WriteString("origin"u8, WordOf(origin));
        json.WriteBoolean("editable"u8, WhyFixed(path, loaded) is null);
        json.WriteBoolean("secret"u8, setting.IsSecret || masks);
        json.WriteEndObject();
    }

    private static string WordOf(OriginKind origin) => origin switch
    {
        OriginKind.File => "file",
        OriginKind.Environment => "environment",
        OriginKind.Flag => "flag",
        _ => "default",
    };

    private static JsonElement Written<TOwner>(Setting<TOwner> setting, JsonElement given)
        where TOwner : new()
    {
        var text = given.GetString()!;
        var errors = new List<ConfigError>();
        var owner = setting.Read(new TOwner(), setting.Key, ConfigNode.Bare(text, ConfigOrigin.BuiltIn), errors);
        if (errors.Count > 0)
        {
            return given;
        }

        var shape = JsonOf(json => setting.Write(json, owner));
        if (shape.ValueKind is JsonValueKind.String or JsonValueKind.Null)
        {
            return given;
        }

        // What is masked when shown cannot be taken from there.
        return !setting.Masks(owner) ? shape
            : text.TrimStart() is ['[' or '{', ..] ? Parsed(text) ?? given
            : JsonOf(json =>
            {
                json.WriteStartArray();
                foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    json.WriteStringValue(part);
                }

                json.WriteEndArray();
            });
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement JsonOf(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Answers.Options))
        {
            write(json);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
