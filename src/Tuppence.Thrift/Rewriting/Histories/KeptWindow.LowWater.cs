namespace Tuppence.Thrift.Rewriting.Histories;

/// <content>What is left out of the front end's own window, where the user chose a low-water mark.</content>
internal sealed partial class KeptWindow
{
    private const int FewestLeft = 4;

    // What was left out stays out, until the front end itself begins where the window was cut or behind it.
    private int StillLeftOut(List<HistoryMessage> request)
    {
        if (options.LowWater >= 1 || sent.Count == 0)
        {
            return 0;
        }

        for (var i = 1; i < request.Count - EnoughInOrder; i++)
        {
            if (request[i].Matches(sent[0]))
            {
                return request.GetRange(0, i).TrueForAll(static message => message.IsText) && InOrder(request.GetRange(i, request.Count - i), 0) ? i : 0;
            }
        }

        return 0;
    }

    // The high-water mark is reached: as many messages go in one piece as bring the request down to the low-water mark.
    private int CutDown(List<HistoryMessage> request, int tokens)
    {
        var (count, left) = (0, tokens);
        while (left > tokens * options.LowWater && count < request.Count - FewestLeft && request[count].IsText && request[count + 1].IsText)
        {
            left -= request[count++].Tokens;
        }

        return count;
    }
}
