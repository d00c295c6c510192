using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Archives;

/// <summary>Many calls at once in a journal, with histories as real calls, floors, groups and users once wrote them (Tests/Corpus/events).</summary>
internal sealed class Workload(IJournal journal, Random random, FakeClock clock)
{
    /// <summary>Histories that are under way at once.</summary>
    private const int OpenAtOnce = 12;

    private static readonly string[] UnfinishedCalls = ["active", "gathering", "opening", "ended-with-words-to-come"];
    private readonly List<Script> _open = [];
    private readonly Dictionary<string, (long SequenceNumber, byte[] Sha256)> _ends = [];
    private readonly HashSet<string> _recordings = [];
    private int _calls;

    /// <summary>Calls of which everything has ended, in the order of their beginning.</summary>
    public List<string> Ended { get; } = [];

    public List<string> Unfinished { get; } = [];

    public async Task WriteAsync(int calls)
    {
        // Not one by one: they share the transactions of group commits and keep their order.
        var appends = new List<Task<AppendResult>>();
        for (var left = calls; left > 0 || _open.Count > 0;)
        {
            if (left > 0 && _open.Count < OpenAtOnce)
            {
                BeginCall();
                left--;
            }

            var script = _open[random.Next(_open.Count)];
            appends.Add(SayAsync(script));
            if (script.Events.Count == 0)
            {
                _open.Remove(script);
            }
        }

        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendOutcome.Written, result.Outcome));
    }

    /// <summary>A call that has ended and of which recordings are kept.</summary>
    public async Task<string> WriteRecordedAsync()
    {
        const string id = "0123456789abcdef01234567";
        Begin(ActorAddresses.Call(id), "call", "recorded", isLive: false);
        foreach (var happened in _open[^1].Events.Select(happened => happened.Call?.BurstRecorded).OfType<BurstRecorded>())
        {
            _recordings.Add(happened.Burst.File);
        }

        await WriteAsync(0);
        return id;
    }

    public async Task DropRecordingsAsync(string id)
    {
        var drops = _recordings.Select(file => new DomainEvent { TimeUs = 1, Call = new CallEvent { RecordingDropped = new RecordingDropped { File = file } } });
        _open.Add(new Script(ActorAddresses.Call(id), new Queue<DomainEvent>(drops), IsLive: false));
        await WriteAsync(0);
    }

    private void BeginCall()
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(++_calls)))[..24];
        var isEnded = random.Next(5) > 0;
        (isEnded ? Ended : Unfinished).Add(id);
        Begin(ActorAddresses.Call(id), "call", isEnded ? "ended" : UnfinishedCalls[random.Next(UnfinishedCalls.Length)], isLive: !isEnded);
        if (random.Next(6) > 0)
        {
            Begin(ActorAddresses.Floor(id), "floor", isEnded ? "closed" : "single", isLive: !isEnded);
        }

        if (random.Next(3) == 0)
        {
            Begin(ActorAddresses.Ue($"sip:u{_calls}@example.org"), "ue", "known", isLive: false);
            Begin(ActorAddresses.Group($"sip:g{_calls}@example.org"), "group", "calling", isLive: false);
        }
    }

    private void Begin(ActorAddress address, string kind, string history, bool isLive)
    {
        using var file = File.OpenRead(Path.Combine(Corpus.Folder("events"), kind, history + ".bin"));
        var events = new Queue<DomainEvent>();
        while (file.Position < file.Length)
        {
            events.Enqueue(DomainEvent.Parser.ParseDelimitedFrom(file));
        }

        _open.Add(new Script(address, events, isLive));
    }

    private Task<AppendResult> SayAsync(Script script)
    {
        clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 2_000)));
        var id = script.Address.PersistenceId();
        var (sequenceNumber, sha256) = _ends.GetValueOrDefault(id, (0, []));
        var count = Math.Min(random.Next(1, 4), script.Events.Count);
        var rows = new JournalRow[count];
        for (var i = 0; i < count; i++)
        {
            var envelope = new EventEnvelope
            {
                Event = script.Events.Dequeue(),
                CommandId = $"{id}:{sequenceNumber}",
                CorrelationId = $"correlation-{random.Next(100)}",
                OnBehalfOf = random.Next(2) == 0 ? "" : $"sip:user{random.Next(8)}@example.org",
                PreviousSha256 = ByteString.CopyFrom(sha256),
                Index = (uint)i,
                Count = (uint)count,
            };
            var message = envelope.ToByteArray();
            sha256 = SHA256.HashData(message);
            rows[i] = new JournalRow(++sequenceNumber, message, EventTags.Of(script.Address, envelope));
        }

        _ends[id] = (sequenceNumber, sha256);
        return journal.AppendAsync(new JournalAppend(id, rows, clock.GetUtcNow(), $"writer-{random.Next(3)}", script.IsLive ? new LiveMark(0, 0) : null)).AsTask();
    }

    private sealed record Script(ActorAddress Address, Queue<DomainEvent> Events, bool IsLive);
}
