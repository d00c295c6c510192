using System.Collections.Concurrent;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Calls;

/// <summary>
/// A day of the brigade that follows from its seed alone: registrations, calls, bursts, people who leave, commands that come twice, time that passes. One
/// thing is done at a time, and what the phones answer is sent in the order of its ids, so that the same day has the same history wherever it is written.
/// </summary>
internal sealed class RandomDay(int seed)
{
    private const int Legs = 6;

    private readonly Random _random = new(seed);
    private readonly FakeClock _clock = new();
    private readonly ConcurrentQueue<Command> _reports = new();
    private readonly List<Command> _sent = [];
    private Brigade? _brigade;

    public async Task RunAsync(IJournal journal, int steps)
    {
        await using var brigade = _brigade = await Brigade.StartAsync(journal, _clock, _reports.Enqueue);
        foreach (var command in Morning())
        {
            await SendAsync(command);
        }

        for (var step = 0; step < steps; step++)
        {
            await StepAsync(step);
        }

        await brigade.Engine.StopAsync(CancellationToken.None);
    }

    private static IEnumerable<Command> Morning()
    {
        foreach (var user in Brigade.Users)
        {
            yield return new Command { CommandId = $"put {user}", To = ActorAddresses.Ue(user), Ue = new UeCommand { PutUser = new PutUser { Profile = new UserProfile { McpttId = user } } } };
        }

        var document = new GroupDocument { GroupId = Brigade.GroupId, SessionType = SessionType.Prearranged, QueueDepth = 4, HangTimerMs = 30_000, TalkLimitMs = 20_000 };
        document.Members.AddRange(Brigade.Users.Select((user, i) => new GroupMember { McpttId = user, ImplicitAffiliation = true, UserPriority = (uint)(5 + (i % 2)) }));
        yield return new Command { CommandId = "put group", To = ActorAddresses.Group(Brigade.GroupId), Group = new GroupCommand { PutGroup = new PutGroup { Document = document } } };
    }

    private async Task StepAsync(int step)
    {
        var id = $"step{step}";
        var user = _random.Next(Brigade.Users.Length);
        var call = _brigade is null ? "" : (await _brigade.GroupAsync()).Call;
        var leg = (uint)_random.Next(1, Legs);
        switch (_random.Next(100))
        {
            case < 15:
                var register = new Register { Client = Brigade.Contact(Brigade.Users[user]), ExpiresS = (uint)(_random.Next(4) * 900), SipCallId = Brigade.Users[user], Cseq = (uint)step + 1 };
                await SendAsync(new Command { CommandId = id, To = ActorAddresses.Ue(Brigade.Users[user]), Ue = new UeCommand { Register = register } });
                break;
            case < 25:
                var route = Brigade.Call(user, $"{step:x24}");
                await SendAsync(new Command { CommandId = id, To = ActorAddresses.Group(Brigade.GroupId), Group = new GroupCommand { RouteGroupCall = route } });
                break;
            case < 40:
                // Time stands at each timer that comes due, and what follows from it is done before the next.
                for (var seconds = 1 << _random.Next(0, 7); seconds > 0; seconds--)
                {
                    _clock.Advance(TimeSpan.FromSeconds(1));
                    await SettleAsync();
                }

                break;
            case < 50:
                await SendAsync(_sent[_random.Next(_sent.Count)]);
                break;
            case < 55 when call.Length > 0:
                await SendAsync(new Command { CommandId = id, To = ActorAddresses.Call(call), Call = new CallCommand { LegBye = new LegBye { Leg = leg } } });
                break;
            case < 57 when call.Length > 0:
                await SendAsync(new Command { CommandId = id, To = ActorAddresses.Call(call), Call = new CallCommand { Release = new ReleaseCall { Reason = "evening" } } });
                break;
            case < 80 when call.Length > 0:
                await SendAsync(new Command { CommandId = id, To = ActorAddresses.Floor(call), Floor = new FloorCommand { Request = new RequestFloor { Leg = leg } } });
                break;
            case var _ when call.Length > 0:
                await SendAsync(new Command { CommandId = id, To = ActorAddresses.Floor(call), Floor = new FloorCommand { Release = new ReleaseFloor { Leg = leg } } });
                break;
        }
    }

    private async Task SendAsync(Command command)
    {
        // The engine stamps a command: what is sent again is what was sent first.
        _sent.Add(command.Clone());
        await _brigade!.Engine.SendAsync(command, CancellationToken.None);
        await SettleAsync();
    }

    private async Task SettleAsync()
    {
        await _brigade!.Engine.IdleAsync();
        while (!_reports.IsEmpty)
        {
            List<Command> reports = [];
            while (_reports.TryDequeue(out var report))
            {
                reports.Add(report);
            }

            foreach (var report in reports.OrderBy(report => report.CommandId, StringComparer.Ordinal))
            {
                await _brigade.Engine.SendAsync(report, CancellationToken.None);
                await _brigade.Engine.IdleAsync();
            }
        }
    }
}
