using System.Text;

namespace Tuppence.Thrift.Families;

/// <summary>Makes up text with the lengths that people and models write.</summary>
internal sealed class Prose(Dice dice)
{
    private static readonly string[] Words =
        ("the a her his one that river ferry lantern harbor letter rope cellar candle coat map tower kitchen winter thunder orchard bridge window stranger captain healer surveyor miller " +
         "daughter question answer silence promise debt coin knife bread rain smoke garden stair road lock key ledger bell and but while because until under over across between toward " +
         "quiet careful stubborn slow bright cold narrow hollow sudden patient crooked gentle old new last first waits asks turns opens carries forgets remembers follows holds breaks " +
         "answers leaves counts listens watches laughs breathes never always almost again together slowly twice tonight tomorrow here nobody something everything enough").Split(' ');

    /// <summary>A turn of the user's: 20 to 80 words.</summary>
    public string UserTurn() => Of(dice.Between(20, 80));

    /// <summary>An answer: 100 to 350 words.</summary>
    public string Answer() => Of(dice.Between(100, 350));

    /// <summary>Sentences of six to sixteen words; a paragraph ends after some of them.</summary>
    /// <param name="words">About how many words.</param>
    public string Of(int words)
    {
        var text = new StringBuilder(words * 6);
        while (words > 0)
        {
            var length = dice.Between(6, 16);
            for (var i = 0; i < length; i++)
            {
                var word = dice.Of(Words);
                text.Append(i == 0 ? char.ToUpperInvariant(word[0]) : word[0]).Append(word, 1, word.Length - 1).Append(i == length - 1 ? '.' : ' ');
            }

            words -= length;
            text.Append(words <= 0 ? "" : dice.Chance(0.2) ? "\n\n" : " ");
        }

        return text.ToString();
    }
}
