using System.Collections.Concurrent;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Engines;

/// <summary>
/// Commands that never stop: a sender per actor says numbers in order, several at a time, and repeats one that was not answered with the same id. In the end
/// every acknowledged number is in the journal once, and all in the order in which they were sent.
/// </summary>
internal sealed class LedgerLoad : IAsyncDisposable
{
    private const int Many = 4;

    // As long as take-overs are to be seen and not long histories read.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ICommandSink _sink;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, int> _acknowledged = new();
    private readonly List<string> _actors;
    private readonly TimeSpan _pause;
    private readonly int _atATime;
    private readonly bool _insists;
    private readonly Task _senders;
    private long _answers;

    /// <param name="sink">Where the commands go.</param>
    /// <param name="actors">As many senders.</param>
    /// <param name="pause">Between two turns of a sender.</param>
    /// <param name="insists">Commands may be refused for a while, as when the database is away: each is repeated until it is done, and no other is sent before.</param>
    public LedgerLoad(ICommandSink sink, int actors, TimeSpan? pause = null, bool insists = false)
    {
        _insists = insists;
        _atATime = insists ? 1 : Many;
        _sink = sink;
        _pause = pause ?? Pause;
        _actors = [.. Enumerable.Range(0, actors).Select(number => $"sip:load{number}@example.org")];
        _senders = Task.WhenAll(_actors.Select(actor => Task.Run(() => SendAsync(actor))));
    }

    public IReadOnlyList<string> Actors => _actors;

    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Until each sender got some more answers.</summary>
    public async Task ContinueAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        var goal = _actors.ToDictionary(actor => actor, actor => _acknowledged.GetValueOrDefault(actor) + (2 * _atATime));
        while (_actors.FirstOrDefault(actor => _acknowledged.GetValueOrDefault(actor) < goal[actor]) is { } slow)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"{slow} gets no answers");
            await Task.Delay(5);
        }
    }

    public async Task VerifyAsync(IJournalReader journal)
    {
        await _stopping.CancelAsync();
        await _senders;
        foreach (var actor in _actors)
        {
            var said = new List<int>();
            await foreach (var stored in journal.ReadActorAsync(ActorAddresses.Ue(actor).PersistenceId(), 1, CancellationToken.None))
            {
                Assert.True(stored.TryReadEnvelope(out var envelope));
                said.Add(int.Parse(envelope.Event.Ue.AffiliationsPublished.GroupIds[0]));
            }

            Assert.Equal(Enumerable.Range(0, said.Count), said);
            Assert.True(said.Count >= _acknowledged.GetValueOrDefault(actor), $"{actor}: {_acknowledged[actor]} acknowledged, {said.Count} stored");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _senders;
        _stopping.Dispose();
    }

    private async Task SendAsync(string actor)
    {
        for (var next = 0; !_stopping.IsCancellationRequested; next += _atATime)
        {
            var done = await Task.WhenAll(Enumerable.Range(next, _atATime).Select(number => SayAsync(actor, number)).ToList());
            _acknowledged[actor] = done.All(isDone => isDone) ? next + _atATime : next;
            await Task.Delay(_pause);
        }
    }

    private async Task<bool> SayAsync(string actor, int number)
    {
        while (true)
        {
            var reply = await _sink.SendAsync(LedgerKind.Make(ActorAddresses.Ue(actor), $"{actor}/{number}", LedgerKind.Tally, $"{number}"), CancellationToken.None);
            if (reply.OutcomeCase == Reply.OutcomeOneofCase.Accepted)
            {
                Interlocked.Increment(ref _answers);
                return true;
            }

            // Its place in the order is lost only when a deadline passes: the tests give more time than a take-over needs.
            Assert.True(_insists && reply.Unavailable is not null, $"{actor} {number}: {reply}");
            if (_stopping.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(_pause);
        }
    }
}
