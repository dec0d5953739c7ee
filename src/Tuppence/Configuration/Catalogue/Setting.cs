using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>One declared option: from it come parsing, validation, help, <c>tuppence config</c> and the page of the manual.</summary>
/// <typeparam name="TOwner">The configuration record that holds it.</typeparam>
internal abstract class Setting<TOwner>(string key)
    where TOwner : new()
{
    /// <summary>Key path in snake_case; inside an upstream, relative to it.</summary>
    public string Key => key;

    /// <summary>What it does, as one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Flag of its own, such as <c>--port</c>, or null; every setting can also be given as <c>--set KEY=VALUE</c>.</summary>
    public string? Flag { get; init; }

    /// <summary>What stands for the value in help, such as PORT.</summary>
    public string FlagValue { get; init; } = "VALUE";

    /// <summary>Whether the flag may be given several times, each adding to a list.</summary>
    public bool Repeatable { get; init; }

    /// <summary>Whether a change needs a restart; all others change while the gateway runs.</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>A value that shows how it is written, as JSON, where the default does not.</summary>
    public string? Example { get; init; }

    /// <summary>Environment variable; for settings inside an upstream the part after <c>TUPPENCE_UPSTREAMS_NAME_</c>.</summary>
    public string Variable => key.Replace('.', '_').ToUpperInvariant();

    /// <summary>What is accepted, in words.</summary>
    public abstract string Accepted { get; }

    /// <summary>The default as shown.</summary>
    public string Default => Show(new TOwner());

    /// <summary>The words that are accepted where there are a few; null where there are more.</summary>
    public abstract IReadOnlyList<string>? Choices { get; }

    /// <summary>Whether values are secrets as a whole.</summary>
    public abstract bool IsSecret { get; }

    /// <summary>Whether <see cref="Write"/> masks a part of the value.</summary>
    public abstract bool Masks(TOwner owner);

    /// <summary>Reads the value into a copy of <paramref name="owner"/>; where it is wrong, adds to <paramref name="errors"/> and gives the owner back.</summary>
    public abstract TOwner Read(TOwner owner, string fullKey, ConfigNode node, ICollection<ConfigError> errors);

    /// <summary>The value as a person reads it; secrets are masked.</summary>
    public abstract string Show(TOwner owner);

    /// <summary>The value as JSON; secrets are masked.</summary>
    public abstract void Write(Utf8JsonWriter writer, TOwner owner);

    /// <summary>Whether both hold the same value.</summary>
    public abstract bool Same(TOwner left, TOwner right);

    /// <summary>A copy of <paramref name="to"/> with the value of <paramref name="from"/>.</summary>
    public abstract TOwner Carry(TOwner from, TOwner to);
}

/// <summary>A setting whose value is a <typeparamref name="T"/>.</summary>
internal sealed class Setting<TOwner, T>(string key, ValueFormat<T> format, Func<TOwner, T> get, Func<TOwner, T, TOwner> set) : Setting<TOwner>(key)
    where TOwner : new()
{
    public override string Accepted => format.Accepted;

    public override IReadOnlyList<string>? Choices => format.Choices;

    public override bool IsSecret => format.IsSecret;

    public override bool Masks(TOwner owner) => format.Masks(get(owner));

    public override TOwner Read(TOwner owner, string fullKey, ConfigNode node, ICollection<ConfigError> errors)
    {
        if (node.Kind == NodeKind.Null)
        {
            return set(owner, get(new TOwner()));
        }

        var shown = Default == "-" ? null : Default;
        return format.TryRead(node, new Reading(fullKey, format.Accepted, shown, errors), out var value) ? set(owner, value) : owner;
    }

    public override string Show(TOwner owner) => format.Show(get(owner));

    public override void Write(Utf8JsonWriter writer, TOwner owner) => format.Write(writer, get(owner));

    public override bool Same(TOwner left, TOwner right) => format.Same(get(left), get(right));

    public override TOwner Carry(TOwner from, TOwner to) => set(to, get(from));
}
