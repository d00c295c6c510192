using Mcptt.Domain.Groups;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Groups;

public sealed class GroupLawTests
{
    private const int Histories = 150;
    private const int Steps = 60;
    private static readonly string[] Names = ["alice", "bob", "carol", "eve"];

    [Fact]
    public void Laws_hold_for_random_histories_and_only_members_are_affiliated()
    {
        var seed = Seed.Take();
        for (var history = 0; history < Histories; history++)
        {
            var random = new Random((seed + (history * 7919)) & int.MaxValue);
            var note = $"seed {seed}, history {history}";
            var group = new GroupRun();
            for (var step = 0; step < Steps; step++)
            {
                Step(group, random);
                AssertOnlyMembers(group, note);
            }

            AssertRefusalsAreBounded(group, note);

            ActorLaws.AssertHold(group.Run, note);
        }
    }

    private static void Step(GroupRun group, Random random)
    {
        var name = Names[random.Next(Names.Length)];
        var client = random.Next(2).ToString();
        var calls = new[] { "call1", "call2", "call3" };
        _ = random.Next(11) switch
        {
            0 => group.Put(document => Change(document, random)),
            1 when random.Next(4) == 0 => group.Send(new GroupCommand { RemoveGroup = new RemoveGroup() }),
            2 or 3 => group.Affiliate(name, client, contact => contact.ContactUri = "sip:" + random.Next(3)),
            4 => group.Deaffiliate(name, client, random.Next(2) == 0),
            5 or 6 => group.Call(name, calls[random.Next(3)], client, random.Next(2) == 0, (SessionType)random.Next(4)),
            7 => group.Call(name, calls[random.Next(3)], client, false, bounced: calls[random.Next(3)]),
            8 => group.Attempts(random.Next(12), name, client).After(TimeSpan.FromSeconds(random.Next(30))),
            9 => group.Attempts(random.Next(12), "mallory" + random.Next(9)),
            _ => group.Ended(calls[random.Next(3)]),
        };
    }

    private static void Change(GroupDocument document, Random random)
    {
        document.Disabled = random.Next(5) == 0;
        document.Members.RemoveAt(random.Next(3));
        foreach (var member in document.Members)
        {
            member.ImplicitAffiliation = random.Next(2) == 0;
            member.MayNotInitiate = random.Next(4) == 0;
        }
    }

    // Of each minute at most so many, all in all and of one user. A group that is removed and made again begins anew.
    private static void AssertRefusalsAreBounded(GroupRun group, string note)
    {
        var life = 0;
        var refused = group.Stored.Select(stored => (Life: life += stored.DocumentRemoved is null ? 0 : 1, stored.JoinRefused)).Where(entry => entry.JoinRefused is not null);
        foreach (var minute in refused.GroupBy(entry => (entry.Life, entry.JoinRefused.WindowFromUs), entry => entry.JoinRefused))
        {
            Assert.True(minute.Count() <= GroupLimits.RefusalsPerMinute, $"{minute.Count()} refusals in a minute, {note}");
            Assert.True(
                minute.GroupBy(refusal => refusal.McpttId).All(user => user.Count() <= GroupLimits.RefusalsPerUserAndMinute),
                $"too many refusals of one user in a minute, {note}");
        }
    }

    private static void AssertOnlyMembers(GroupRun group, string note)
    {
        if (group.Run.State is GroupState.Present present)
        {
            Assert.True(present.Affiliated.Keys.All(client => present.Members.ContainsKey(client.McpttId)), $"a stranger is affiliated, {note}");
        }
    }
}
