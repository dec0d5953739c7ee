using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tuppence.Messages.Usage;

/// <summary>
/// Finds <c>usage</c> (at the top or inside <c>message</c>) in a JSON text that comes in pieces, and takes its numbers; of the message,
/// and of an error, a few short texts as well. Everything else is passed over, whatever its size: constant memory, nothing allocated. A mutable struct: keep it in one place.
/// </summary>
/// <remarks>Not a validator: of text that is no JSON it finds nothing, or what looks like it. Members whose names are written with escapes are not recognised.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct UsageScan
{
    // result > message > usage > iterations > iteration > cache_creation
    private const int MostLevels = 8;

    private enum Reading : byte
    {
        Structure,
        Name,
        Text,
        Value,
        Number,
        Fraction,
    }

    private Levels levels;
    private UsageName name;
    private UsageTally usage;
    private UsageTally iterations;
    private long number;
    private int depth;
    private int passedOver;
    private Reading reading;
    private UsageMember member;
    private bool expectsName;
    private bool isEscaped;
    private bool hasIterations;

    /// <summary>What all finished <c>usage</c> objects since <see cref="Begin"/> said.</summary>
    public UsageTally Found;

    /// <summary>The texts that were found since the reader began: of each the latest.</summary>
    public UsageTexts Texts;

    /// <summary>Begins another text; what was found stays.</summary>
    public void Begin()
    {
        (depth, passedOver, reading, member, expectsName, isEscaped) = (0, 0, Reading.Structure, UsageMember.Other, false, false);
    }

    /// <summary>Takes the next piece.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (reading is Reading.Name or Reading.Text or Reading.Value)
            {
                bytes = InString(bytes);
                continue;
            }

            if (passedOver > 0)
            {
                var at = bytes.IndexOfAny("\"{}[]"u8);
                if (at < 0)
                {
                    return;
                }

                bytes = bytes[at..];
            }

            var b = bytes[0];
            bytes = bytes[1..];
            if (reading is Reading.Number or Reading.Fraction && TakeDigit(b))
            {
                continue;
            }

            Structure(b);
        }
    }

    private ReadOnlySpan<byte> InString(ReadOnlySpan<byte> bytes)
    {
        if (isEscaped)
        {
            isEscaped = false;
            return bytes[1..];
        }

        var at = bytes.IndexOfAny((byte)'"', (byte)'\\');
        if (reading == Reading.Name)
        {
            name.Add(at < 0 ? bytes : bytes[..at]);
        }
        else if (reading == Reading.Value)
        {
            Texts.Add(member, at < 0 ? bytes : bytes[..at]);
        }

        if (at < 0)
        {
            return default;
        }

        if (bytes[at] == '\\')
        {
            isEscaped = true;
            name.Spoil();
            if (reading == Reading.Value)
            {
                Texts.Spoil(member);
            }
        }
        else
        {
            member = reading == Reading.Name ? name.MeaningIn(levels[depth - 1], depth) : member;
            reading = Reading.Structure;
        }

        return bytes[(at + 1)..];
    }

    /// <summary>True where the byte belongs to the number.</summary>
    private bool TakeDigit(byte b)
    {
        if (b is >= (byte)'0' and <= (byte)'9')
        {
            number = reading == Reading.Number ? Math.Min(int.MaxValue, (number * 10) + b - '0') : number;
            return true;
        }

        if (b is (byte)'.' or (byte)'e' or (byte)'E' or (byte)'+' or (byte)'-')
        {
            reading = Reading.Fraction;
            return true;
        }

        if (reading == Reading.Number)
        {
            Note((int)number);
        }

        reading = Reading.Structure;
        return false;
    }

    private void Structure(byte b)
    {
        switch (b)
        {
            case (byte)'"':
                reading = passedOver > 0 ? Reading.Text : expectsName ? Reading.Name : member >= UsageMember.Model ? Reading.Value : Reading.Text;
                name.Clear();
                if (reading == Reading.Value)
                {
                    Texts.Begin(member);
                }

                expectsName = false;
                break;
            case (byte)'{' or (byte)'[':
                Enter(isObject: b == '{');
                break;
            case (byte)'}' or (byte)']':
                Leave();
                break;
            case (byte)',':
                expectsName = depth > 0 && levels[depth - 1] != UsageMember.Iterations;
                break;
            case >= (byte)'0' and <= (byte)'9' when passedOver == 0 && member is >= UsageMember.Input and <= UsageMember.Fetches:
                (reading, number) = (Reading.Number, b - '0');
                break;
            case (byte)'-' when passedOver == 0:
                reading = Reading.Fraction;
                break;
        }
    }

    private void Enter(bool isObject)
    {
        var inside = depth == 0 ? UsageMember.Other : levels[depth - 1];
        var entered = (depth, inside, member) switch
        {
            (0, _, _) when isObject => UsageMember.Other,
            (1, _, UsageMember.Message) or (2, UsageMember.Result, UsageMember.Message) when isObject => UsageMember.Message,
            (1, _, UsageMember.Usage) or (_, UsageMember.Message, UsageMember.Usage) when isObject => UsageMember.Usage,
            (_, UsageMember.Usage, UsageMember.Iterations) when !isObject => UsageMember.Iterations,
            (_, UsageMember.Iterations, _) when isObject => UsageMember.Iteration,
            (_, UsageMember.Usage or UsageMember.Iteration, UsageMember.Creation) when isObject => UsageMember.Creation,
            (_, UsageMember.Usage or UsageMember.Iteration, UsageMember.Details) when isObject => UsageMember.Details,
            (_, UsageMember.Usage, UsageMember.ServerTools) when isObject => UsageMember.ServerTools,
            (1, _, UsageMember.Result) when isObject => UsageMember.Result,
            (1, _, UsageMember.Delta) when isObject => UsageMember.Delta,
            (1, _, UsageMember.Error) when isObject => UsageMember.Error,
            _ => (UsageMember?)null,
        };
        if (passedOver > 0 || entered is not { } level)
        {
            passedOver++;
            return;
        }

        levels[depth++] = level;
        (expectsName, member) = (isObject, UsageMember.Other);
        if (level == UsageMember.Usage)
        {
            (usage, iterations, hasIterations) = (UsageTally.Empty, UsageTally.Empty, false);
        }
        else if (level == UsageMember.Iteration)
        {
            hasIterations = true;
        }
    }

    private void Leave()
    {
        expectsName = false;
        if (passedOver > 0)
        {
            passedOver--;
            return;
        }

        if (depth > 0 && levels[--depth] == UsageMember.Usage)
        {
            // The numbers at the top leave out what earlier samplings of the request took; their sum is what is billed.
            Found.Update(usage);
            if (hasIterations)
            {
                Found.Update(iterations);
            }
        }

        member = UsageMember.Other;
    }

    private void Note(int value)
    {
        for (var level = depth - 1; level >= 0; level--)
        {
            if (levels[level] == UsageMember.Iteration)
            {
                iterations.Note(member, value, adds: true);
                return;
            }
        }

        usage.Note(member, value, adds: false);
    }

    [InlineArray(MostLevels)]
    private struct Levels
    {
        private UsageMember first;
    }
}
