using System.Text;
using CsCheck;
using Tuppence.Messages.Models;
using Tuppence.Tests.Unit.Thrift.Accounts;
using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Bounds;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Properties.Thrift;

public sealed class AccountProperties
{
    [Fact]
    public void Whatever_a_chat_does_its_account_adds_up_and_stays_above_the_bound() =>
        Gen.Select(Gen.Int, Gen.Int[2, 25]).Sample(
            (seed, turns) =>
            {
                var random = new Random(seed);
                var chat = new Chat { Accounts = new CacheAccounts(new CacheAccountsOptions { TextBytes = random.Next(3) * 20_000 }) };
                var sent = Enumerable.Range(0, turns).Select(_ => Change(chat, random).Send()).ToArray();
                Assert.All(sent, static turn =>
                {
                    Assert.Equal(turn.Reported.Tokens, turn.Strip.Sum(static run => run.Tokens));
                    Assert.InRange(turn.Break.Tokens, 0, turn.Reported.Tokens - turn.Reported.Read);
                    Assert.InRange(turn.Break.Cost, 0, turn.Cost);
                    Assert.InRange(turn.Bound, 0, turn.UncachedCost);
                    Assert.NotEmpty(turn.ToLine(withText: true));
                });
                foreach (var account in chat.Accounts.Recent(turns))
                {
                    Assert.True(account.BoundHolds && account.Bound <= account.Spent);
                    Assert.True(account.Causes.Sum(static total => total.Cost) <= account.Spent);
                }

                Assert.Equal(sent.Sum(static turn => turn.Cost), chat.Accounts.Recent(turns).Sum(static account => account.Spent));
            },
            iter: 400);

    [Fact]
    public void The_bound_of_a_conversation_that_is_alone_is_the_lower_bound_of_its_requests() =>
        Gen.Select(Gen.Int, Gen.Int[2, 25]).Sample(
            (seed, turns) =>
            {
                var random = new Random(seed);
                var chat = new Chat();
                var bound = new LowerBound();
                var reader = new PromptReader(ByteTokenCounter.Instance, ModelTable.Default);
                var prompt = new Prompt();
                for (var i = 0; i < turns; i++)
                {
                    Change(chat, random).Lineage = 1;
                    chat.Send();
                    Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(chat.Body()), prompt));
                    bound.Add(prompt, chat.Now, Chat.Prices);
                }

                Assert.Equal(bound.Cost, Assert.Single(chat.Accounts.Recent(turns)).Bound);
            },
            iter: 200);

    [Fact]
    public void A_conversation_that_reads_what_another_one_wrote_is_not_bound_to_pay_for_it()
    {
        var chat = new Chat();
        chat.Send();
        chat.Messages.Clear();
        chat.Messages.Add(Chat.Words("Another story.", 40));
        chat.Lineage = 2;
        chat.Now += TimeSpan.FromSeconds(30);
        var second = chat.Send();
        Assert.Equal(2, second.Conversation);
        Assert.True(second.Reported.Read > 0);
        Assert.Equal((second.Reported.Read * Chat.Prices.CacheRead) + ((second.Reported.Tokens - second.Reported.Read) * Chat.Prices.Input), second.Bound);
    }

    [Fact]
    public void Any_bill_is_accounted_for() =>
        Gen.Select(Gen.Int, Gen.Int[0, 5000], Gen.Int[0, 5000], Gen.Int[0, 5000], Gen.Int[0, 5000]).Sample(
            (seed, read, hour, five, plain) =>
            {
                var random = new Random(seed);
                var chat = new Chat();
                chat.Send();
                var turn = Change(chat, random).Send(new CacheBill(read, hour, five, plain));
                Assert.Equal(read + hour + five + plain, turn.Strip.Sum(static run => run.Tokens));
                Assert.Equal(turn.Reported.Cost(Chat.Prices), turn.Cost);
                Assert.InRange(turn.Break.Cost, 0, turn.Cost);
            },
            iter: 400);

    private static Chat Change(Chat chat, Random random)
    {
        var messages = chat.Messages;
        switch (random.Next(10))
        {
            case 0:
                chat.System[random.Next(chat.System.Count)] = Chat.Words($"It is 12:{random.Next(10, 60)}.", random.Next(20, 900));
                break;
            case 1:
                chat.System.Insert(random.Next(chat.System.Count + 1), Chat.Words($"Lore {random.Next(4)}.", 40));
                break;
            case 2 when chat.System.Count > 1:
                chat.System.RemoveAt(random.Next(chat.System.Count));
                break;
            case 3 when messages.Count > 3:
                messages.RemoveRange(0, random.Next(1, 3));
                break;
            case 4:
                messages[random.Next(messages.Count)] = Chat.Words($"Edited {random.Next(5)}.", 60);
                break;
            case 5:
                chat.Model = random.Next(2) == 0 ? "claude-opus-5" : "claude-sonnet-5";
                break;
            case 6:
                chat.Lineage = random.Next(3);
                break;
            case 7:
                chat.Now += TimeSpan.FromSeconds(random.Next(4000));
                return chat;
        }

        return chat.GoOn(random.Next(3, 400));
    }
}
