using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests.Audit;

public sealed class SealingTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly SealKey _key = SealKey.Create();
    private readonly InMemoryJournal _journal = new();
    private readonly RandomHistory _history;

    public SealingTests() => _history = new RandomHistory(_journal, new Random(1));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _journal.DisposeAsync();

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_seal_says_what_it_covers_and_its_signature_covers_that_and_the_seal_before_it()
    {
        var sealer = Sealer();
        await _history.WriteAsync(30);
        Assert.Equal(SealOutcome.Sealed, await sealer.SealAsync(default));
        await _history.WriteAsync(20);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SealOutcome.Sealed, await sealer.SealAsync(default));

        var stored = await _journal.ReadActorAsync(SealLimits.PersistenceId, 1, default).ToListAsync();
        var seals = stored.Select(Seal).ToList();

        Assert.Equal([(1UL, 0L, 30L, 30u), (2UL, 30L, 51L, 21u)], seals.Select(seal => (seal.Number, seal.AfterOrdering, seal.ToOrdering, seal.Rows)));
        Assert.Equal(5_000_000, seals[1].TimeUs - seals[0].TimeUs);
        Assert.All(stored.Zip(seals), pair => Assert.Equal(SealRecord.TimeOf(pair.Second), pair.First.Created));
        Assert.True(_key.Public.Verify(SealRecord.SignedOctets(seals[0], new byte[32]), seals[0].Signature.Span));
        Assert.True(_key.Public.Verify(SealRecord.SignedOctets(seals[1], SealRecord.Sha256(stored[0])), seals[1].Signature.Span));
        Assert.False(_key.Public.Verify(SealRecord.SignedOctets(seals[1], new byte[32]), seals[1].Signature.Span));
        Assert.Equal(SealRecord.Message(seals[1], SealRecord.Sha256(stored[0])), stored[1].Message);
    }

    [Fact]
    public async Task Seals_alone_are_not_sealed()
    {
        var sealer = Sealer();
        await _history.WriteAsync(3);
        Assert.Equal(SealOutcome.Sealed, await sealer.SealAsync(default));

        Assert.Equal(SealOutcome.Nothing, await sealer.SealAsync(default));
        Assert.Equal(4, sealer.QuietTo);
        Assert.Equal(SealOutcome.Nothing, await Sealer().SealAsync(default));
    }

    [Fact]
    public async Task At_the_bound_of_rows_or_chains_a_seal_is_made_early()
    {
        await _history.WriteAsync(100);
        var byRows = Sealer(new SealerOptions { EveryEvents = 40 });
        Assert.Equal([SealOutcome.SealedFull, SealOutcome.SealedFull, SealOutcome.Sealed], [await byRows.SealAsync(default), await byRows.SealAsync(default), await byRows.SealAsync(default)]);
        Assert.Equal([40u, 40u, 22u], (await SealsAsync()).Select(seal => seal.Rows));

        await _history.WriteAsync(100);
        var byChains = Sealer(new SealerOptions { ChainLimit = 3 });
        while (await byChains.SealAsync(default) == SealOutcome.SealedFull)
        {
            Assert.InRange((await SealsAsync())[^1].Chains, 2u, 3u);
        }

        AssertContiguous(await SealsAsync());
    }

    [Fact]
    public async Task A_sealer_that_knows_nothing_goes_on_where_the_last_one_ended_however_far_back_that_is()
    {
        await _history.WriteAsync(20);
        await Sealer().SealAsync(default);
        await _history.WriteAsync(500);

        var later = Sealer(new SealerOptions { EveryEvents = 100 });
        while (await later.SealAsync(default) == SealOutcome.SealedFull)
        {
            Assert.NotNull(later.SealedTo);
        }

        AssertContiguous(await SealsAsync());
        Assert.Equal(7, (await SealsAsync()).Count);
    }

    [Fact]
    public async Task Of_two_nodes_one_wins_and_the_other_goes_on_from_there()
    {
        var slow = new FaultyJournal(_journal) { Fault = JournalFault.Waits };
        var other = new Sealer(slow, _key, new SealerOptions(), _clock, "b");
        await _history.WriteAsync(10);
        var overtaken = other.SealAsync(default);
        await _history.WriteAsync(5);
        Assert.Equal(SealOutcome.Sealed, await Sealer().SealAsync(default));
        slow.Release();

        Assert.Equal(SealOutcome.Overtaken, await overtaken);
        Assert.Equal(SealOutcome.Nothing, await other.SealAsync(default));
        await _history.WriteAsync(10);
        Assert.Equal(SealOutcome.Sealed, await other.SealAsync(default));
        AssertContiguous(await SealsAsync());
        Assert.Equal(["a", "b"], (await SealsAsync()).Select(seal => seal.WriterUuid));
    }

    [Fact]
    public async Task A_seal_that_was_stored_though_the_answer_was_a_failure_is_found_again()
    {
        var faulty = new FaultyJournal(_journal) { Fault = JournalFault.WritesAndFails };
        var sealer = new Sealer(faulty, _key, new SealerOptions(), _clock, "a");
        await _history.WriteAsync(10);
        await Assert.ThrowsAsync<SealFailedException>(async () => await sealer.SealAsync(default));
        faulty.Fault = JournalFault.None;

        Assert.Equal(SealOutcome.Nothing, await sealer.SealAsync(default));
        Assert.Single(await SealsAsync());
    }

    [Fact]
    public async Task A_seal_is_due_after_a_time_or_after_a_number_of_events()
    {
        var service = Service(new SealerOptions { EveryEvents = 50 });
        await _history.WriteAsync(10);
        await service.RoundAsync(default);
        Assert.Single(await SealsAsync());

        await _history.WriteAsync(10);
        await service.RoundAsync(default);
        Assert.Single(await SealsAsync());

        await _history.WriteAsync(60);
        await service.RoundAsync(default);
        Assert.Equal(3, (await SealsAsync()).Count);

        await _history.WriteAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await service.RoundAsync(default);
        _clock.Advance(TimeSpan.FromHours(1));
        await service.RoundAsync(default);
        Assert.Equal(4, (await SealsAsync()).Count);
        Assert.Contains("seal 4", service.Status);
        await service.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_seals_what_is_left()
    {
        await using var service = Service(new SealerOptions { EveryEvents = 100_000 });
        service.Start();
        await _history.WriteAsync(17);
        await service.StopAsync(default);

        Assert.Equal(17u + (uint)(await SealsAsync()).Count - 1, (uint)(await SealsAsync()).Sum(seal => seal.Rows));
        AssertContiguous(await SealsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_backlog_that_makes_many_seals_in_a_row_does_not_keep_later_events_from_being_sealed(int every)
    {
        await using var service = Service(new SealerOptions { EveryEvents = every });
        for (var round = 0; round < 3; round++)
        {
            await _history.WriteAsync(30);
            var end = await _journal.ReadLastOrderingAsync(default);
            await service.RoundAsync(default);

            Assert.True((await SealsAsync())[^1].ToOrdering >= end);
        }

        AssertContiguous(await SealsAsync());
    }

    [Fact]
    public async Task Of_servers_that_share_a_journal_one_seals_and_another_goes_on_where_it_ended()
    {
        var (here, there) = (new Duty { IsMine = true }, new Duty());
        await using var one = new SealingService(_journal, _key, new SealerOptions { EveryEvents = 1 }, _clock, NullLogger<SealingService>.Instance, here);
        await using var two = new SealingService(_journal, _key, new SealerOptions { EveryEvents = 1 }, _clock, NullLogger<SealingService>.Instance, there);
        await _history.WriteAsync(5);
        await two.RoundAsync(default);
        await two.StopAsync(default);
        Assert.Empty(await SealsAsync());
        Assert.Equal("another server seals", two.Status);

        await one.RoundAsync(default);
        var seals = (await SealsAsync()).Count;
        Assert.True(seals > 0);
        foreach (var (service, isOne) in new[] { (two, false), (one, true) })
        {
            (here.IsMine, there.IsMine) = (isOne, !isOne);
            await _history.WriteAsync(5);
            await service.RoundAsync(default);
            Assert.True((await SealsAsync()).Count > seals);
            seals = (await SealsAsync()).Count;
        }

        AssertContiguous(await SealsAsync());
    }

    [Fact]
    public async Task A_journal_that_fails_is_tried_again_ever_more_rarely_and_told_of()
    {
        await _history.WriteAsync(5);
        var failing = new FaultyJournal(_journal) { Fault = JournalFault.Fails };
        await using var service = new SealingService(failing, _key, new SealerOptions(), _clock, NullLogger<SealingService>.Instance);
        service.Start();
        await UntilAsync(() => service.Failures == 1);
        Assert.Contains("as asked", service.Status);

        // 1 s, 2 s, 4 s: after 3.5 s the third try was made and no other.
        for (var i = 0; i < 7; i++)
        {
            var before = service.Failures;
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            await UntilAsync(() => service.Failures > before || i is not (1 or 5));
        }

        Assert.Equal(3, service.Failures);
        failing.Fault = JournalFault.None;
        _clock.Advance(TimeSpan.FromSeconds(4));
        await UntilAsync(() => service.Status.StartsWith("seal 1", StringComparison.Ordinal) && !service.Status.Contains("as asked", StringComparison.Ordinal));
        Assert.Single(await SealsAsync());
    }

    [Fact]
    public async Task Each_seal_leaves_a_receipt_also_one_that_somebody_else_made_or_that_a_crash_left_without()
    {
        var path = _folder.File("receipts/seals.txt");
        await _history.WriteAsync(5);
        await Sealer().SealAsync(default);
        await _history.WriteAsync(5);
        await using (var service = Service(new SealerOptions { ReceiptsPath = path }))
        {
            await service.RoundAsync(default);
        }

        // A crash in the middle of a line.
        await File.AppendAllTextAsync(path, "3 17 abc");
        await _history.WriteAsync(5);
        await using (var service = Service(new SealerOptions { ReceiptsPath = path }))
        {
            _clock.Advance(TimeSpan.FromMinutes(2));
            await service.RoundAsync(default);
            await service.RoundAsync(default);
            Assert.DoesNotContain("CUT OFF", service.Status);
        }

        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal((await SealsAsync()).Select(seal => SealReceipt.Of(seal)), lines.Select(SealReceipt.Parse).Where(receipt => receipt is not null));
        Assert.Equal(["3 17 abc"], lines.Where(line => SealReceipt.Parse(line) is null));
    }

    [Fact]
    public async Task A_journal_that_ends_before_its_receipts_is_told_of_at_the_start()
    {
        var path = _folder.File("seals.txt");
        await File.WriteAllTextAsync(path, $"9 900 {new string('a', 64)} {_key.KeyId} {new string('b', 128)}\n");
        await _history.WriteAsync(5);
        await using var service = Service(new SealerOptions { ReceiptsPath = path });

        await service.RoundAsync(default);

        Assert.Contains("CUT OFF", service.Status);
        Assert.Single(await File.ReadAllLinesAsync(path));
    }

    private static void AssertContiguous(IReadOnlyList<SealEvent> seals)
    {
        long to = 0;
        for (var i = 0; i < seals.Count; i++)
        {
            Assert.Equal((ulong)i + 1, seals[i].Number);
            Assert.Equal(to, seals[i].AfterOrdering);
            Assert.Equal(seals[i].ToOrdering - to, seals[i].Rows);
            to = seals[i].ToOrdering;
        }
    }

    private static SealEvent Seal(StoredEvent stored) => SealRecord.TryRead(stored, out var envelope) ? envelope.Event.Seal : throw new InvalidOperationException("no seal");

    private static async Task UntilAsync(Func<bool> holds)
    {
        var patience = TimeSpan.FromSeconds(30);
        for (var waited = TimeSpan.Zero; !holds(); waited += TimeSpan.FromMilliseconds(5))
        {
            Assert.True(waited < patience, "it never came to be");
            await Task.Delay(5);
        }
    }

    private async Task<List<SealEvent>> SealsAsync() => await _journal.ReadActorAsync(SealLimits.PersistenceId, 1, default).Select(Seal).ToListAsync();

    private Sealer Sealer(SealerOptions? options = null) => new(_journal, _key, options ?? new SealerOptions(), _clock, "a");

    private SealingService Service(SealerOptions options) => new(_journal, _key, options, _clock, NullLogger<SealingService>.Instance);

    private sealed class Duty : IJournalDuty
    {
        public bool IsMine { get; set; }

        public ValueTask<bool> IsMineAsync(CancellationToken cancellationToken) => new(IsMine);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
