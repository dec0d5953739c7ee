using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Rewriting;

/// <summary>Writes changes of whole elements into a body.</summary>
internal static class RewriteDraft
{
    /// <summary>Removes elements of an array with the commas that they no longer need. At least one must stay.</summary>
    /// <param name="splices">Takes the changes.</param>
    /// <param name="elements">All elements in their order.</param>
    /// <param name="removed">For each whether it goes.</param>
    public static void Remove(Splices splices, List<ByteRange> elements, List<bool> removed)
    {
        var lastKept = -1;
        for (var i = 0; i < elements.Count; i++)
        {
            if (!removed[i])
            {
                lastKept = i;
                continue;
            }

            var next = i + 1;
            while (next < elements.Count && removed[next])
            {
                next++;
            }

            splices.Remove(next < elements.Count
                ? new ByteRange(elements[i].Start, elements[next].Start)
                : new ByteRange(elements[lastKept].End, elements[next - 1].End));
            i = next - 1;
        }
    }
}
