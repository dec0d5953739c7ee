namespace Tuppence.Messages.Requests;

/// <summary>A list that keeps its array when it is cleared, so that a reused index allocates nothing.</summary>
internal struct GrowingList<T>
    where T : struct
{
    // An array that one unusual request made large is given back to the collector.
    private const int LargestKept = 16 * 1024;

    private T[]? items;

    public int Count { get; private set; }

    public readonly Span<T> Span => items.AsSpan(0, Count);

    public readonly ref T this[int index] => ref Span[index];

    public void Add(in T item)
    {
        if (items is null || Count == items.Length)
        {
            Array.Resize(ref items, Math.Max(16, Count * 2));
        }

        items[Count++] = item;
    }

    public void Truncate(int count) => Count = Math.Min(Count, count);

    public void Clear()
    {
        Count = 0;
        if (items?.Length > LargestKept)
        {
            items = null;
        }
    }
}
