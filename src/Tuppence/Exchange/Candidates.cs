using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Tuppence.Exchange;

/// <summary>
/// The upstreams that one request may go to, each given once: first the one that its conversation is used to, then in the configured
/// order. One that its breaker holds back is passed over; where none is left to try, they are all tried, since there is nothing better to do.
/// A mutable struct: keep it in one place.
/// </summary>
/// <param name="order">As configured, at least one.</param>
/// <param name="count">How many of them count; where it is one, no breaker is asked.</param>
/// <param name="used">The upstream of the conversation so far, one of <paramref name="order"/>, or null.</param>
[StructLayout(LayoutKind.Auto)]
internal struct Candidates(Upstream[] order, int count, Upstream? used = null)
{
    private readonly Upstream[] order = order;
    private readonly int count = count;
    private readonly Upstream? used = used;
    private int at;
    private bool askedUsed;
    private bool gaveUsed;
    private bool wasTried;
    private bool isForced;

    /// <summary>The upstream that the request is meant for.</summary>
    public readonly Upstream Home => order[0];

    /// <summary>True where there is more than one, so that the body must be kept for another.</summary>
    public readonly bool AreSeveral => count > 1;

    /// <summary>True where <see cref="TryNext"/> would give one now.</summary>
    public readonly bool HaveNext
    {
        get
        {
            for (var i = at; i < count; i++)
            {
                if (!(gaveUsed && order[i] == used) && (isForced || order[i].Breaker.Admits))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The next to try.</summary>
    public bool TryNext([NotNullWhen(true)] out Upstream? next)
    {
        if (used is not null && !askedUsed)
        {
            askedUsed = true;
            if (used.Breaker.TryEnter())
            {
                gaveUsed = true;
                next = used;
                return true;
            }
        }

        while (true)
        {
            while (at < count)
            {
                next = order[at++];
                if (!(gaveUsed && next == used) && (count == 1 || isForced || next.Breaker.TryEnter()))
                {
                    return true;
                }
            }

            if (wasTried || isForced)
            {
                next = null;
                return false;
            }

            (isForced, at, gaveUsed) = (true, 0, false);
        }
    }

    /// <summary>Notes that the one given last was really tried, so that those passed over stay so.</summary>
    public void Tried() => wasTried = true;
}
