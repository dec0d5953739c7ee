using System.Collections.Concurrent;
using Tuppence.Messages.Models;

namespace Tuppence.Telemetry;

/// <summary>
/// Names of models as labels. Clients may send any name, so only so many that do not stand in the model table become labels; of the rest those that the
/// table understands become its ids, and the others <c>other</c>.
/// </summary>
internal sealed class ModelLabels
{
    private const int MostUnknown = 100;
    private const int LongestName = 100;

    private readonly ConcurrentDictionary<string, byte> unknown = new(StringComparer.Ordinal);

    /// <summary>The label of a model; empty for none.</summary>
    public string Of(string? model) =>
        string.IsNullOrEmpty(model) ? ""
        : ModelTable.Default.Names(model) || unknown.ContainsKey(model) ? model
        : model.Length <= LongestName && unknown.Count < MostUnknown && unknown.TryAdd(model, 0) ? model
        : ModelTable.Default.TryFind(model, out var known) ? known.Id
        : "other";
}
