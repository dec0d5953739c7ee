using System.Text;
using Tuppence.Accounting;

namespace Tuppence.Tests.Unit.Accounting;

public sealed class ConversationNamesTests
{
    private static readonly byte[] First = Body("Hello");

    [Fact]
    public void The_name_of_a_conversation_is_the_same_after_a_restart() =>
        Assert.Equal(new ConversationNames().Of(1, First, null), new ConversationNames().Of(77, Body("Hello", "Hi", "More"), null));

    [Fact]
    public void A_lineage_keeps_its_name_whatever_its_later_requests_look_like()
    {
        var names = new ConversationNames();
        Assert.Equal(names.Of(1, First, null), names.Of(1, Body("Another beginning"), null));
    }

    [Fact]
    public void Two_at_a_time_that_begin_alike_have_names_of_their_own()
    {
        var names = new ConversationNames();
        Assert.NotEqual(names.Of(1, First, null), names.Of(2, Body("Hello", "Hi", "Something else"), null));
    }

    [Fact]
    public void The_oldest_names_are_forgotten_first()
    {
        var names = new ConversationNames(capacity: 2);
        foreach (var lineage in Enumerable.Range(1, 3))
        {
            names.Of(lineage, Body($"Number {lineage}"), null);
        }

        Assert.Null(names.Find(1));
        Assert.NotNull(names.Find(2));
        Assert.NotNull(names.Find(3));
    }

    private static byte[] Body(params string[] turns) => Encoding.UTF8.GetBytes(
        $$"""{"model":"m","messages":[{{string.Join(',', turns.Select(static (text, i) => $$"""{"role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":"{{text}}"}"""))}}]}""");
}
