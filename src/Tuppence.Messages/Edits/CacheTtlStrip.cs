using System.Globalization;

namespace Tuppence.Messages.Edits;

/// <summary>Takes <c>ttl</c> out of each <c>cache_control</c>, for upstreams that know none; the mark itself stays.</summary>
/// <remarks>Looked for only where the API takes a <c>cache_control</c> (<see cref="Requests.MessageBody.CacheTtls"/>): never in a tool's input or schema, or in text.</remarks>
public sealed class CacheTtlStrip : IEdit
{
    /// <inheritdoc/>
    public string Name => "cache-ttl-strip";

    /// <inheritdoc/>
    public void Apply(EditDraft draft)
    {
        var count = draft.DropTtls();
        if (count > 0)
        {
            draft.Report(Name, string.Create(CultureInfo.InvariantCulture, $"dropped {count} ttl"));
        }
    }
}
