using System.Runtime.InteropServices;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>Differs once the store's content may have changed; says nothing else.</summary>
/// <param name="Changed">When it was last written, as the file system tells it.</param>
/// <param name="Size">Its size; -1 where there is none.</param>
/// <param name="Saves">Saves by this process.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StoreStamp(long Changed, long Size, long Saves);
