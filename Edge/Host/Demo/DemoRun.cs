using Mcptt.Ue.Events;
using Mcptt.Ue.Media;

namespace Mcptt.Host.Demo;

/// <summary>The play itself: registration, affiliation, a group call with four talkers, and its end; then what the journal says of it.</summary>
internal sealed class DemoRun(TimeProvider time, DemoFolder folder, string journal, DemoScreen screen)
{
    private static readonly TimeSpan ShortBurst = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LongBurst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BeforeInterrupting = TimeSpan.FromSeconds(0.7);

    private readonly AudioLedger _ledger = new(time);
    private readonly List<DemoBurst> _bursts = [];

    public async Task<DemoOutcome> RunAsync(CancellationToken cancellationToken)
    {
        screen.Progress($"starting the server: {(journal.Length > 0 ? "PostgreSQL" : "SQLite")} journal, SIP and media on loopback");
        await using var server = await DemoServer.StartAsync(folder, journal, time, cancellationToken);
        var before = await server.Journal.ReadLastOrderingAsync(cancellationToken);
        await server.ProvisionAsync(cancellationToken);
        var phones = DemoCast.All.Select(user => new DemoPhone(user, server.Sip, _ledger, time)).ToList();
        try
        {
            await PlayAsync(phones, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(phones.Select(phone => phone.DisposeAsync().AsTask()));
        }

        screen.Progress("reading the journal");
        var account = await JournalAccount.ReadAsync(server.Journal, before, cancellationToken);
        return DemoOutcome.Of(_bursts, _ledger, account);
    }

    private async Task PlayAsync(List<DemoPhone> phones, CancellationToken cancellationToken)
    {
        var (alice, bob, carol, dave) = (phones[0], phones[1], phones[2], phones[3]);
        screen.Progress("four phones register with digest and affiliate to the group");
        await Task.WhenAll(phones.Select(phone => phone.JoinGroupAsync(cancellationToken)));

        screen.Progress("alice calls the group; the others answer by themselves");
        await alice.CallAsync(cancellationToken);
        // The floor control server knows a participant when it tells it how things are (6.3.2.2); before, alice would be alone (Deny 3).
        await Task.WhenAll(phones.Select(phone => phone.ExpectAllAsync(["established", "idle"], cancellationToken)));
        if (folder.Kept)
        {
            phones.ForEach(phone => phone.Record(folder.File($"{phone.User.Name}.wav")));
        }

        await FreeBurstAsync(alice, phones, cancellationToken);
        await QueuedBurstAsync(bob, carol, cancellationToken);
        await PreemptAsync(carol, dave, phones, cancellationToken);
        await LeaveAsync(phones, cancellationToken);
    }

    private async Task FreeBurstAsync(DemoPhone talker, List<DemoPhone> phones, CancellationToken cancellationToken)
    {
        screen.Progress($"{talker.User.Name} presses on a free floor");
        await TalkAsync(talker, "free floor", cancellationToken);
        await Task.Delay(LongBurst, time, cancellationToken);
        talker.Release();
        await Task.WhenAll(phones.Select(phone => phone.ExpectAsync("idle", cancellationToken)));
    }

    // Bob talks, carol presses meanwhile and gets the floor when he lets go.
    private async Task QueuedBurstAsync(DemoPhone holder, DemoPhone waiting, CancellationToken cancellationToken)
    {
        screen.Progress($"{holder.User.Name} talks; {waiting.User.Name} presses meanwhile and is queued");
        await TalkAsync(holder, "free floor", cancellationToken);
        await Task.Delay(BeforeInterrupting, time, cancellationToken);
        var pressed = time.GetUtcNow();
        waiting.Press();
        await waiting.ExpectAsync("queued", cancellationToken);
        await Task.Delay(LongBurst - BeforeInterrupting, time, cancellationToken);
        var released = time.GetUtcNow();
        holder.Release();
        var granted = await waiting.ExpectAsync("granted", cancellationToken);
        _bursts.Add(new DemoBurst(waiting.User, "queued", pressed, granted.Time, granted.Time - released));
        await holder.ExpectAsync("released", cancellationToken);
    }

    private async Task PreemptAsync(DemoPhone talker, DemoPhone chief, List<DemoPhone> phones, CancellationToken cancellationToken)
    {
        await Task.Delay(BeforeInterrupting, time, cancellationToken);
        screen.Progress($"{chief.User.Name} presses with higher priority and pre-empts {talker.User.Name}");
        await TalkAsync(chief, "pre-emptive", cancellationToken);
        var revoked = await talker.ExpectAsync("revoked", cancellationToken);
        _bursts[^2].RevokedWith = revoked.Fields.First(field => field.Key == "cause").Value;
        await Task.Delay(ShortBurst, time, cancellationToken);
        chief.Release();
        await Task.WhenAll(phones.Select(phone => phone.ExpectAsync("idle", cancellationToken)));
    }

    private async Task TalkAsync(DemoPhone talker, string how, CancellationToken cancellationToken)
    {
        var before = talker.Events.End;
        var pressed = time.GetUtcNow();
        talker.Press();
        var granted = await talker.ExpectAsync("granted", cancellationToken);
        var sent = talker.Events.Since(before).OfType<FloorMessagePassed>().First(message => message.Sent).Time;
        var received = talker.Events.Since(before).OfType<FloorMessagePassed>().Last(message => !message.Sent && message.Time <= granted.Time).Time;
        _bursts.Add(new DemoBurst(talker.User, how, pressed, granted.Time, received - sent));
    }

    private async Task LeaveAsync(List<DemoPhone> phones, CancellationToken cancellationToken)
    {
        screen.Progress("one after the other hangs up; the call ends with the last but one");
        foreach (var phone in phones.SkipLast(1))
        {
            await phone.HangUpAsync(cancellationToken);
        }

        await phones[^1].ExpectAsync("ended", cancellationToken);
        await Task.WhenAll(phones.Select(phone => phone.UnregisterAsync(cancellationToken)));
    }
}

/// <summary>One burst as the talker's phone saw it.</summary>
/// <param name="Grant">From the request's datagram to the grant's; for a queued one from the holder's release.</param>
internal sealed record DemoBurst(DemoUser Talker, string How, DateTimeOffset Pressed, DateTimeOffset Granted, TimeSpan Grant)
{
    public TimeSpan Access => Granted - Pressed;

    /// <summary>Cause of the Floor Revoke that ended it, if one did.</summary>
    public string? RevokedWith { get; set; }
}
