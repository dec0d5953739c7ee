namespace Tuppence.Messages.Models;

/// <summary>Prices that held up to a day.</summary>
/// <param name="Until">Last day, <c>yyyy-MM-dd</c>.</param>
/// <param name="Prices">The prices of that time, all of them.</param>
public sealed record PriceChange(string Until, ModelPrices Prices);
