using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Audit;

/// <summary>Calls that have everything in them, of three sizes.</summary>
internal static class StageScenes
{
    private static readonly string[] Twelve = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "ken", "lena"];

    /// <summary>Less than a minute of four: a queue, a pre-emption, a late entry, a refusal, a hold and an emergency.</summary>
    public static Stage Small()
    {
        var stage = new Stage(["alice", "bob", "carol", "dave", "zoe", "phone"], document => document.Members[3].UserPriority = 9).Declines("zoe", 486).IsPlainPhone("phone");
        stage.Affiliate("alice", "bob", "carol", "zoe", "phone").Call("alice").Wait(1);
        stage.Press("alice").Wait(0.1).Speak("alice").Wait(2).Press("bob").Wait(1).Press("carol", 3).Call("mallory").Wait(0.4).Speak("phone").Wait(0.6);
        stage.Affiliate("dave").Wait(1).Press("dave").Wait(0.5).Release("alice").Wait(0.2).Speak("dave").Wait(2).Hold("carol", true).Wait(1).Release("dave");
        stage.Wait(0.3).Speak("bob").Wait(4).Emergency(true).WantsVoice("dave", false).Release("bob").Wait(0.4).Speak("carol").Wait(2).Release("carol").Emergency(false);
        return stage.WantsVoice("dave", true).Wait(2).HangUp("bob").Wait(30);
    }

    /// <summary>Twelve members over three minutes: three bursts, a queue, a pre-emption, a late entry and a refused join.</summary>
    public static Stage TwelveMembers()
    {
        var stage = new Stage(Twelve, document =>
        {
            document.Members[3].UserPriority = 9;
            document.Members[7].ReceiveOnly = true;
        });
        stage.Affiliate(Twelve[..11]).Call("alice").Wait(2).Talk("alice", 9).Wait(3);
        stage.Press("bob").Wait(0.1).Speak("bob").Wait(3).Press("carol").Wait(1.5).Press("erin").Wait(2).Affiliate("lena").Call("mallory").Wait(1).Press("heidi").Wait(2);
        stage.Press("dave").Wait(0.4).Release("bob").Wait(0.1).Speak("dave").Wait(6).Release("dave").Wait(0.3).Speak("carol").Wait(2).HangUp("ken").Wait(3).Release("carol");
        return stage.Wait(0.2).Speak("erin").Wait(4).Release("erin").Wait(45).Talk("frank", 5).Wait(40);
    }

    /// <summary>A hundred members and as many minutes with silences between, by a seed.</summary>
    public static Stage Long(int members, int minutes, int seed)
    {
        var random = new Random(seed);
        var names = Enumerable.Range(1, members).Select(number => $"unit{number:000}").ToArray();
        var stage = new Stage(names, document => (document.HangTimerMs, document.QueueDepth) = (600_000, 8));
        foreach (var name in names.Where((_, index) => index % 17 == 5))
        {
            stage.Declines(name, 480);
        }

        stage.Affiliate(names[..(members * 9 / 10)]).Call(names[0]).Wait(5);
        var next = members * 9 / 10;
        var end = stage.NowUs + (minutes * 60_000_000L);
        while (stage.NowUs < end)
        {
            var talkers = stage.InCall.OrderBy(_ => random.Next()).Take(3).Select(user => user.Split(':', '@')[1]).ToList();
            stage.Press(talkers[0]).Wait(0.2).Speak(talkers[0]).Wait(random.Next(2, 9));
            if (random.Next(3) == 0)
            {
                stage.Press(talkers[1]).Wait(1).Press(talkers[2]);
            }

            stage.Wait(random.Next(1, 5)).Release(talkers[0]).Wait(0.3).Speak(talkers[1]).Wait(4).Release(talkers[1]).Wait(0.3).Speak(talkers[2]).Wait(3).Release(talkers[2]);
            stage.Wait(random.Next(6) == 0 ? random.Next(60, 400) : random.Next(2, 20));
            if (next < members && random.Next(4) == 0)
            {
                stage.Affiliate(names[next++]);
            }

            if (random.Next(9) == 0)
            {
                stage.Call($"stranger{random.Next(3)}").HangUp(talkers[1]);
            }
        }

        return stage.Order(new CallCommand { Release = new ReleaseCall { Reason = "released by operator" } });
    }
}
