namespace Tuppence.Thrift.Accounts;

/// <summary>Cuts a text into words, each with the white space after it: joined together they are the text again.</summary>
internal static class WordSplit
{
    public static List<string> Of(string text)
    {
        var words = new List<string>(text.Length / 5);
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i]))
            {
                words.Add(text[start..i]);
                start = i;
            }
        }

        if (start < text.Length)
        {
            words.Add(text[start..]);
        }

        return words;
    }
}
