using Mcptt.Api.Models;
using Mcptt.Load.Profiles;
using Spectre.Console;

namespace Mcptt.Host.Commands.Load;

/// <summary>Puts a profile's users and groups through the API. What is there already is put again and is the same.</summary>
internal sealed class LoadProvisioning(ApiClient client, CommandContext context)
{
    private const int AtOnce = 8;

    public async Task RunAsync(LoadProfile profile, CancellationToken stop)
    {
        var names = LoadNames.Of(profile);
        if (profile.Users.Password.Length > 0 || profile.Users.Trusted)
        {
            await PutAllAsync("users", (int)profile.Users.Count, index => PutUserAsync(names, index, stop), stop);
        }

        await PutAllAsync("groups", (int)profile.Groups.Count, index => PutGroupAsync(profile, names, index, stop), stop);
    }

    private Task PutUserAsync(LoadNames names, int index, CancellationToken stop)
    {
        var user = names.User(index);
        return client.PutAsync($"v1/users/{Uri.EscapeDataString(user)}", new UserModel { McpttId = user, Password = names.Password(index) }, stop);
    }

    private Task PutGroupAsync(LoadProfile profile, LoadNames names, int index, CancellationToken stop)
    {
        var group = new GroupModel
        {
            GroupId = names.Group(index),
            QueueDepth = profile.Groups.QueueDepth,
            Recorded = profile.Groups.Recorded,
            HangTimerSeconds = HangTimer(profile),
            Members =
            [
                .. names.MembersOf(index).Select(user => new GroupMemberModel
                {
                    McpttId = names.User(user),
                    UserPriority = 5,
                    ImplicitAffiliation = !profile.Groups.ExplicitAffiliation && !names.IsLate(user),
                    MayStartEmergency = true,
                    MayCancelEmergency = true,
                }),
            ],
        };
        return client.PutAsync(GroupCommands.Address(group.GroupId), group, stop);
    }

    // A pause between two bursts must not end the call.
    private static decimal HangTimer(LoadProfile profile) => Math.Max(30, 10 + (2 * Math.Max(profile.Bursts.Pause.Seconds, profile.Bursts.Pause.Kind == "fixed" ? 0 : profile.Bursts.Pause.MaxSeconds)));

    private async Task PutAllAsync(string what, int count, Func<int, Task> putAsync, CancellationToken stop)
    {
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        var putting = Parallel.ForEachAsync(Enumerable.Range(0, count), options, async (index, _) =>
        {
            await putAsync(index);
            Interlocked.Increment(ref done);
        });
        if (!context.ErrorIsTerminal)
        {
            await putting;
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        await console.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask($"provisioning {what}", maxValue: count);
            while (!putting.IsCompleted)
            {
                bar.Value = Volatile.Read(ref done);
                await Task.WhenAny(putting, Task.Delay(TimeSpan.FromMilliseconds(200), context.Time, stop));
            }
        });
        await putting;
    }
}
