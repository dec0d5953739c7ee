using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Tuppence.Messages.Models;

/// <summary>What is known of each model: limits, abilities, prices. Data from <c>models.json</c>, each row with its source and date.</summary>
/// <remarks>
/// A name is found by id, alias or platform id; also with a cross-region prefix of Bedrock (<c>us.anthropic.…</c>), with a vendor
/// prefix (<c>anthropic/…</c>) and as a dated form of an undated id (<c>ID-20260101</c>). Look-ups allocate nothing.
/// </remarks>
public sealed class ModelTable
{
    private const int LongestName = 256;
    private static readonly Lazy<ModelTable> Embedded = new(ReadEmbedded);

    private readonly Dictionary<string, Model> byName;
    private readonly Dictionary<string, Model>.AlternateLookup<ReadOnlySpan<char>> lookup;

    internal ModelTable(IReadOnlyList<Model> models, IReadOnlyList<RetiredModel> retired, CacheRules cacheRules, PriceRules priceRules, string compiled)
    {
        Models = models;
        Retired = retired;
        CacheRules = cacheRules;
        PriceRules = priceRules;
        Compiled = compiled;
        byName = new Dictionary<string, Model>(models.Count * 4, StringComparer.Ordinal);
        foreach (var model in models)
        {
            byName[model.Id] = model;
        }

        foreach (var model in models)
        {
            foreach (var name in model.Aliases.Concat(model.PlatformIds.Values))
            {
                byName.TryAdd(name, model);
            }
        }

        lookup = byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The table that ships with this build; read when first asked for.</summary>
    public static ModelTable Default => Embedded.Value;

    /// <summary>All models, newest of each family first.</summary>
    public IReadOnlyList<Model> Models { get; }

    /// <summary>Models that the Claude API no longer serves.</summary>
    public IReadOnlyList<RetiredModel> Retired { get; }

    /// <summary>Rules of the prompt cache that hold for all models.</summary>
    public CacheRules CacheRules { get; }

    /// <summary>What holds for the prices of all models.</summary>
    public PriceRules PriceRules { get; }

    /// <summary>Date on which the table was compiled, as <c>yyyy-MM-dd</c>.</summary>
    public string Compiled { get; }

    /// <summary>Reads a table, and over it rows of the user's own.</summary>
    /// <param name="table">JSON text as in <c>models.json</c>.</param>
    /// <param name="overrides">
    /// JSON text with <c>models</c> alone needed: a row whose id exists replaces just the members that it gives (of
    /// <c>pricePerMTok</c>, <c>sampling</c> and <c>thinking</c> just the members inside); other rows are added. Empty: none.
    /// </param>
    /// <exception cref="FormatException">One of them cannot be read; the message says what is wrong, with JSON path or line.</exception>
    public static ModelTable Load(ReadOnlySpan<byte> table, ReadOnlySpan<byte> overrides = default) => ModelTableReader.Read(table, overrides);

    /// <summary>The shipped table with rows of the user's own over it.</summary>
    /// <inheritdoc cref="Load"/>
    public static ModelTable LoadDefault(ReadOnlySpan<byte> overrides) => Load(EmbeddedBytes(), overrides);

    /// <summary>Finds a model by a name in UTF-8, without quotes.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Model? model)
    {
        model = null;
        if (name.Length > LongestName || !Ascii.IsValid(name))
        {
            return false;
        }

        Span<char> chars = stackalloc char[name.Length];
        Encoding.ASCII.GetChars(name, chars);
        return TryFind(chars, out model);
    }

    /// <summary>Whether a name stands in the table as it is. Of others that <see cref="TryFind(ReadOnlySpan{char}, out Model)"/> knows there is no end.</summary>
    public bool Names(string name) => byName.ContainsKey(name);

    /// <summary>Finds a model by name.</summary>
    public bool TryFind(ReadOnlySpan<char> name, [NotNullWhen(true)] out Model? model)
    {
        if (lookup.TryGetValue(name, out model))
        {
            return true;
        }

        // us.anthropic.claude-…, global.anthropic.claude-…
        var platform = name.IndexOf(".anthropic.", StringComparison.Ordinal);
        if (platform > 0)
        {
            return TryFind(name[(platform + 1)..], out model);
        }

        const string Vendor = "anthropic/";
        if (name.StartsWith(Vendor, StringComparison.Ordinal))
        {
            return TryFind(name[Vendor.Length..], out model);
        }

        return IsDated(name) && lookup.TryGetValue(name[..^9], out model);
    }

    private static bool IsDated(ReadOnlySpan<char> name) =>
        name.Length > 9 && name[^9] is '-' or '@' && !name[^8..].ContainsAnyExceptInRange('0', '9');

    private static ModelTable ReadEmbedded() => Load(EmbeddedBytes());

    private static unsafe ReadOnlySpan<byte> EmbeddedBytes()
    {
        // The resource lies in the loaded image for the life of the process: no copy is needed.
        var stream = (UnmanagedMemoryStream)typeof(ModelTable).Assembly.GetManifestResourceStream("Tuppence.Messages.models.json")!;
        return new ReadOnlySpan<byte>(stream.PositionPointer, checked((int)stream.Length));
    }
}
