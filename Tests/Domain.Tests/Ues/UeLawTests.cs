using Mcptt.Domain.Tests.Laws;
using Mcptt.Domain.Ues;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Ues;

public sealed class UeLawTests
{
    private const int Histories = 150;
    private const int Steps = 60;
    private static readonly string[] Groups = [UeRun.Brigade, UeRun.Rescue, "sip:third@example.org"];

    [Fact]
    public void Laws_hold_for_random_histories_and_groups_hear_of_every_client_that_leaves()
    {
        var seed = Seed.Take();
        for (var history = 0; history < Histories; history++)
        {
            var random = new Random((seed + (history * 7919)) & int.MaxValue);
            var note = $"seed {seed}, history {history}";
            var ue = new UeRun();
            var wishes = new HashSet<(string, string)>();
            ue.Run.Observed = (_, happened, effects) => Follow(wishes, happened.Ue, effects);
            for (var step = 0; step < Steps; step++)
            {
                Step(ue, random);
                AssertGroupsKnow(ue, wishes, note);
            }

            ActorLaws.AssertHold(ue.Run, note);
            ue.Send(new UeCommand { RemoveUser = new RemoveUser() });
            ActorLaws.AssertHold(ue.Run, note);
            Assert.True(wishes.Count == 0 && !ue.Run.Kind.Timers(ue.Run.State).Any(), $"a removed user left something, {note}");
        }
    }

    private static void Step(UeRun ue, Random random)
    {
        var client = "c" + random.Next(3);
        var group = Groups[random.Next(Groups.Length)];
        _ = random.Next(12) switch
        {
            0 => ue.Known(profile => profile.MaxAffiliationsN2 = (uint)random.Next(3)),
            1 or 2 or 3 => ue.Register(client, (uint)random.Next(3) * 100, (uint)random.Next(50), change: register => register.Client.ContactUri = "sip:" + random.Next(4)),
            4 or 5 => ue.Publish(client, random.Next(4) == 0 ? 0 : uint.MaxValue, [.. Groups.Where(_ => random.Next(2) == 0)]),
            6 or 7 => ue.Outcome(group, random.Next(2) == 0, random.Next(2) == 0 ? RejectionCode.Unspecified : RejectionCode.NotAMember, client),
            8 => ue.Implicit(group, random.Next(2) == 0),
            9 => ue.Subscribe((uint)random.Next(3) * 50, (uint)random.Next(50), "sub" + random.Next(3)),
            10 => ue.Send(new UeCommand { PublishSettings = new PublishSettings { ClientId = client, ManualAnswer = random.Next(2) == 0, ExpiresS = (uint)random.Next(2) } }),
            _ => ue.Advance(random.Next(120)),
        };
    }

    // What the groups were told last, by the effects alone; what a group refused it has forgotten.
    private static void Follow(HashSet<(string Group, string Client)> wishes, UeEvent happened, IReadOnlyList<Effect> effects)
    {
        if (happened.AffiliationSettled is { Affiliated: false } refused)
        {
            wishes.Remove((refused.GroupId, refused.ClientId));
        }

        foreach (var command in effects.Where(effect => effect.Command is not null).Select(effect => effect.Command))
        {
            _ = command.Group.Affiliate is { } affiliate
                ? wishes.Add((command.To.Id, affiliate.Client.ClientId))
                : wishes.Remove((command.To.Id, command.Group.Deaffiliate.ClientId));
        }
    }

    private static void AssertGroupsKnow(UeRun ue, HashSet<(string Group, string Client)> wishes, string note)
    {
        var wanted = ue.Run.State is UeState.Known known
            ? known.Clients.Values.SelectMany(client => client.Affiliations.Where(pair => pair.Value != AffiliationStage.Deaffiliating).Select(pair => (pair.Key, client.Id))).ToHashSet()
            : [];
        Assert.True(wanted.IsSubsetOf(wishes), $"a group was not told of {string.Join(' ', wanted.Except(wishes))}, {note}");
    }
}
