namespace Tuppence.Messages.Requests;

/// <content>Skipping whole objects and arrays: a bit a level says which of the two is open.</content>
internal ref partial struct JsonCursor
{
    private bool SkipContainer()
    {
        Span<ulong> objects = stackalloc ulong[DeepestNesting / 64];
        var floor = depth;
        while (true)
        {
            var b = At < json.Length ? json[At] : (byte)0;
            if (b is (byte)'{' or (byte)'[')
            {
                if (!Enter())
                {
                    return false;
                }

                var level = depth - 1;
                var bit = 1UL << (level & 63);
                ref var word = ref objects[level >> 6];
                word = b == '{' ? word | bit : word & ~bit;
                if (Next() != b + 2)
                {
                    if (b == '{' && !Name(out _))
                    {
                        return false;
                    }

                    continue;
                }

                depth--;
                At++;
            }
            else if (!(b == '"' ? SkipString() : SkipScalar()))
            {
                return false;
            }

            // Behind a value: close what ends here, then go on with the next value.
            while (true)
            {
                if (depth == floor)
                {
                    return true;
                }

                var isObject = ((objects[(depth - 1) >> 6] >> ((depth - 1) & 63)) & 1) != 0;
                b = Next();
                if (b == ',')
                {
                    At++;
                    Next();
                    if (isObject && !Name(out _))
                    {
                        return false;
                    }

                    break;
                }

                if (b != (isObject ? '}' : ']'))
                {
                    return Fail(isObject ? "expected ',' or '}'" : "expected ',' or ']'");
                }

                depth--;
                At++;
            }
        }
    }
}
