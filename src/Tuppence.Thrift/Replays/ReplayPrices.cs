using System.Globalization;
using Tuppence.Messages.Models;

namespace Tuppence.Thrift.Replays;

/// <summary>What input costs in a replay.</summary>
public sealed class ReplayPrices
{
    private const long Input = 1000;
    private readonly Func<string, Model?> rowOf;
    private readonly ModelPrices fixedPrices;

    private ReplayPrices(string name, ModelPrices fixedPrices, Func<string, Model?> rowOf) => (Name, this.fixedPrices, this.rowOf) = (name, fixedPrices, rowOf);

    /// <summary>As it was asked for: <c>0.05</c>, or the model's id.</summary>
    public string Name { get; }

    /// <summary>Whether they are those of a model, which then has a smallest prefix too.</summary>
    public bool IsOfModel { get; private init; }

    /// <summary>Reads cost this share of plain input, writes 1.25 and 2 times as much, whatever the model.</summary>
    /// <param name="read">0 to 1, in thousandths.</param>
    public static ReplayPrices OfRead(decimal read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(read);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(read, 1m);
        var name = read.ToString(CultureInfo.InvariantCulture);
        return new ReplayPrices(name, new ModelPrices(Input, 5 * Input, Input * 5 / 4, Input * 2, (long)(Input * read), Input / 2, Input * 5 / 2), static _ => null);
    }

    /// <summary>Every request costs what it would cost with this model.</summary>
    public static ReplayPrices OfModel(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ReplayPrices(model.Id, model.Prices, _ => model) { IsOfModel = true };
    }

    /// <summary>Every request costs what it costs with the model that it names; where the table does not know it, as with a read at 0.1.</summary>
    public static ReplayPrices OfEach(ModelTable models)
    {
        ArgumentNullException.ThrowIfNull(models);
        return new ReplayPrices("own", OfRead(0.1m).fixedPrices, name => models.TryFind(name, out var model) ? model : null) { IsOfModel = true };
    }

    /// <summary>Reads what a person typed: a share from 0 to 1, a model's name, or <c>own</c> for the model of each request.</summary>
    /// <returns>Null where it is none of these.</returns>
    public static ReplayPrices? Parse(string text, ModelTable models)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(models);
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var read) ? (read <= 1 && read * Input == decimal.Truncate(read * Input) ? OfRead(read) : null)
            : text == "own" ? OfEach(models)
            : models.TryFind(text, out var model) ? OfModel(model)
            : null;
    }

    /// <summary>Prices of a request, in nano-dollars a token.</summary>
    /// <param name="model">The model that it names.</param>
    /// <param name="tokens">All its input tokens: some models cost more from a size on.</param>
    public ModelPrices Of(string model, int tokens)
    {
        var row = rowOf(model);
        return row is null ? fixedPrices
            : row.LongContextPrices is { } larger && tokens > row.LongContextThreshold ? larger
            : row.Prices;
    }

    /// <summary>Smallest prefix that the model caches; null where the prices are not a model's.</summary>
    public int? MinTokensOf(string model) => rowOf(model)?.MinCacheTokens;
}
