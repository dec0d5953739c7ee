using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Choosing;

/// <summary>Breakpoints chosen beyond the entry that is read.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Choice
{
    private Four breakpoints;

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>What they are expected to save later, less what they cost now, in tokens of uncached input.</summary>
    public double Gain { get; set; }

    /// <summary>What they cost now above uncached input, in tokens of uncached input.</summary>
    public double Premium { get; set; }

    /// <summary>One of them, in the order of blocks.</summary>
    public readonly Breakpoint this[int index] => breakpoints[index];

    /// <summary>Puts one before the others.</summary>
    public void AddFirst(Breakpoint breakpoint)
    {
        for (var i = Count; i > 0; i--)
        {
            breakpoints[i] = breakpoints[i - 1];
        }

        breakpoints[0] = breakpoint;
        Count++;
    }

    [InlineArray(4)]
    private struct Four
    {
        private Breakpoint first;
    }
}
