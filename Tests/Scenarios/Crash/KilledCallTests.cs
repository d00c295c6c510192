using System.Text.Json;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Scenarios.Crash;

/// <summary>kill -9 in the middle of a group call: its clients notice nothing but a pause.</summary>
public sealed class KilledCallTests
{
    private const int Rounds = 10;

    // How long the life of a call in the loop is without a kill, about; a kill after its end is one of an idle group.
    private const int LifeMilliseconds = 2_500;

    // limits.drainSeconds is 10; the rest is for the runtime to end.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Killed_during_a_burst_the_call_its_talker_and_its_queue_are_back_without_being_asked_for()
    {
        await using var scene = await KillableScene.OpenAsync();
        await scene.CallAsync();
        scene.Alice.Press();
        await scene.Alice.ExpectAsync("granted");
        scene.Bob.Press();
        await scene.Bob.ExpectAsync("queued", ("position", "1"));
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        var before = await scene.CallViewAsync();

        await scene.Server.KillAsync();
        scene.PassOver();
        await scene.Server.StartAsync();

        await scene.Alice.ExpectAsync("granted");
        await Task.WhenAll(new[] { scene.Bob, scene.Carol, scene.Dave }.Select(phone => phone.ExpectAsync("taken", ("by", scene.Alice.User))));
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        Assert.Equal(Standing(before), Standing(await scene.CallViewAsync()));
        await AssertRegisteredAndAffiliatedAsync(scene);
        await GoOnAsync(scene);
        await scene.LeaveAsync();
        await scene.KillAndReadJournalAsync();
    }

    [Fact]
    public async Task Stopped_by_SIGTERM_it_exits_with_0_and_the_call_goes_on_after_the_next_start()
    {
        await using var scene = await KillableScene.OpenAsync();
        await scene.CallAsync();
        scene.Alice.Press();
        await scene.Alice.ExpectAsync("granted");
        scene.Bob.Press();
        await scene.Bob.ExpectAsync("queued");
        var before = await scene.CallViewAsync();

        Assert.Equal(0, await scene.Server.TerminateAsync(DrainLimit));
        scene.PassOver();
        await scene.Server.StartAsync();

        await scene.Alice.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        Assert.Equal(Standing(before), Standing(await scene.CallViewAsync()));
        await GoOnAsync(scene);
        await scene.LeaveAsync();
        await scene.KillAndReadJournalAsync();
    }

    [Fact]
    public async Task Killed_at_any_moment_of_its_life_a_call_is_set_up_talks_queues_and_ends_once()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        await using var scene = await KillableScene.OpenAsync();
        for (var round = 1; round <= Rounds; round++)
        {
            var moment = random.Next(LifeMilliseconds);
            var context = $"round {round}, killed after {moment} ms, seed {seed}";
            try
            {
                var killing = KillAfterAsync(scene, moment);
                await LiveAsync(scene);
                await killing;
                await AssertRegisteredAndAffiliatedAsync(scene);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{context}\n{scene.Account()}", failure);
            }
        }

        var journal = await scene.KillAndReadJournalAsync($"(seed {seed})");
        var calls = journal.CallEvents.CountBy(happened => happened.BodyCase).ToDictionary();
        var floors = journal.FloorEvents.CountBy(happened => happened.BodyCase).ToDictionary();
        var told = $"calls {string.Join(", ", calls)}; floors {string.Join(", ", floors)}; seed {seed}";
        Assert.True(calls[CallEvent.BodyOneofCase.Initiated] == Rounds && calls[CallEvent.BodyOneofCase.Finished] == Rounds, told);
        Assert.True(calls[CallEvent.BodyOneofCase.MemberJoined] == Rounds * 3, told);
        Assert.True(floors[FloorEvent.BodyOneofCase.Granted] == Rounds * 2, told);
    }

    // One life: set-up, a burst with a queued request, its release, the burst of the queued one, everybody leaves.
    private static async Task LiveAsync(KillableScene scene)
    {
        await scene.CallAsync();
        scene.PassOver();
        scene.Alice.Press();
        await scene.Alice.ExpectAsync("granted");
        scene.Bob.Press();
        await scene.Bob.ExpectAsync("queued");
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        scene.PassOver();
        scene.Alice.Release();
        await scene.Alice.ExpectAsync("released");
        await scene.Bob.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Bob, scene.Alice, scene.Carol, scene.Dave);
        scene.Bob.Release();
        await scene.Bob.ExpectAsync("released");
        await scene.LeaveAsync();
    }

    // The holder lets go, the queued one has the floor, and after that anybody who asks.
    private static async Task GoOnAsync(KillableScene scene)
    {
        scene.Alice.Release();
        await scene.Alice.ExpectAsync("released");
        await scene.Bob.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Bob, scene.Alice, scene.Carol, scene.Dave);
        scene.PassOver();
        scene.Bob.Release();
        await scene.AllAsync("idle");
        await scene.Carol.TalkAsync(Burst);
    }

    private static async Task KillAfterAsync(KillableScene scene, int milliseconds)
    {
        await Task.Delay(milliseconds);
        await scene.RestartAsync();
    }

    // What must be the same before and after: the call, its legs, its ports, who talks and who waits.
    private static string Standing(JsonElement call) =>
        string.Join(
            '\n',
            call.GetProperty("call"),
            call.GetProperty("phase"),
            call.GetProperty("startedAt"),
            call.GetProperty("legs"),
            call.GetProperty("media"),
            call.GetProperty("floor"));

    private static async Task AssertRegisteredAndAffiliatedAsync(KillableScene scene)
    {
        var group = await scene.Server.GroupAsync(KillableScene.Group);
        Assert.Equal(KillableScene.Names.Length, group.GetProperty("affiliated").GetArrayLength());
        foreach (var name in KillableScene.Names)
        {
            var user = await scene.Server.GetAsync($"/v1/users/{Uri.EscapeDataString($"sip:{name}@example.org")}/state");
            Assert.Equal(1, user.GetProperty("bindings").GetArrayLength());
        }
    }
}
