using System.Buffers;
using System.Threading.Channels;
using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit;

/// <summary>
/// Gives the rows of one reader to several lanes, by persistence id. What waits for a lane is bounded; at the bound the reader waits. When every lane
/// has closed a window, the last of them compares it with its seal.
/// </summary>
internal sealed class LanePool
{
    private const int BatchRows = 256;

    /// <summary>Batches that may wait for one lane.</summary>
    private const int BatchLimit = 16;

    private readonly IReadOnlyList<ChainLane> _lanes;
    private readonly Channel<Work>[] _channels;
    private readonly Batch[] _open;
    private readonly Task[] _running;
    private readonly bool _isFirstPass;
    private readonly Findings _findings;
    private long _sealedRows;

    public LanePool(IReadOnlyList<ChainLane> lanes, bool isFirstPass, Findings findings)
    {
        _lanes = lanes;
        _isFirstPass = isFirstPass;
        _findings = findings;
        _channels = [.. lanes.Select(_ => Channel.CreateBounded<Work>(new BoundedChannelOptions(BatchLimit) { SingleReader = true, SingleWriter = true }))];
        _open = [.. lanes.Select(_ => new Batch())];
        _running = [.. lanes.Select((lane, i) => Task.Run(() => RunAsync(lane, _channels[i].Reader)))];
    }

    public long SealedRows => Interlocked.Read(ref _sealedRows);

    public static int LaneOf(string persistenceId, int lanes) => (int)((uint)persistenceId.GetHashCode(StringComparison.Ordinal) % (uint)lanes);

    public ValueTask AddAsync(in StoredEvent stored, SealInterval between, bool isUnderSeal)
    {
        var lane = _lanes.Count == 1 ? 0 : LaneOf(stored.PersistenceId, _lanes.Count);
        var batch = _open[lane];
        if (batch.Count == 0)
        {
            (batch.Between, batch.IsUnderSeal) = (between, isUnderSeal);
        }

        batch.Rows[batch.Count++] = stored;
        return batch.Count == BatchRows ? FlushAsync(lane) : ValueTask.CompletedTask;
    }

    /// <summary>The rows that come next stand between other seals.</summary>
    public async ValueTask FlushAsync()
    {
        for (var lane = 0; lane < _open.Length; lane++)
        {
            if (_open[lane].Count > 0)
            {
                await FlushAsync(lane);
            }
        }
    }

    /// <summary>All rows under this seal were added.</summary>
    public async ValueTask CloseAsync(PlacedSeal placed)
    {
        await FlushAsync();
        var closing = new Closing(placed, _lanes.Count);
        foreach (var channel in _channels)
        {
            await WriteAsync(channel, new Work(null, closing));
        }
    }

    public async Task EndAsync()
    {
        await FlushAsync();
        foreach (var channel in _channels)
        {
            channel.Writer.TryComplete();
        }

        await Task.WhenAll(_running);
    }

    /// <summary>After a failure of the reader: the lanes end without an answer.</summary>
    public async Task AbandonAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Writer.TryComplete();
        }

        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask FlushAsync(int lane)
    {
        await WriteAsync(_channels[lane], new Work(_open[lane], null));
        _open[lane] = new Batch();
    }

    // A lane that failed takes nothing any more; its failure is the one to tell.
    private async ValueTask WriteAsync(Channel<Work> channel, Work work)
    {
        try
        {
            await channel.Writer.WriteAsync(work);
        }
        catch (ChannelClosedException)
        {
            await Task.WhenAll(_running);
            throw;
        }
    }

    private async Task RunAsync(ChainLane lane, ChannelReader<Work> work)
    {
        try
        {
            await foreach (var (batch, closing) in work.ReadAllAsync())
            {
                if (batch is not null)
                {
                    for (var i = 0; i < batch.Count; i++)
                    {
                        lane.Take(batch.Rows[i], batch.Between, _isFirstPass, batch.IsUnderSeal);
                    }

                    batch.Return();
                }
                else if (closing is not null && _isFirstPass)
                {
                    Close(lane, closing);
                }
            }
        }
        catch (Exception failure)
        {
            // Supervision: whoever fills the channel learns of it.
            _channels[_lanes.ToList().IndexOf(lane)].Writer.TryComplete(failure);
            throw;
        }
    }

    private void Close(ChainLane lane, Closing closing)
    {
        var isOverfull = lane.IsOverfull;
        if (closing.Add(lane.CloseWindow(), isOverfull))
        {
            Interlocked.Add(ref _sealedRows, new WindowCheck(closing.Placed, _findings).Compare(closing.Spans, closing.IsOverfull));
        }
    }

    private readonly record struct Work(Batch? Batch, Closing? Closing);

    private sealed class Batch
    {
        public StoredEvent[] Rows { get; } = ArrayPool<StoredEvent>.Shared.Rent(BatchRows);

        public int Count { get; set; }

        public SealInterval Between { get; set; } = SealInterval.None;

        public bool IsUnderSeal { get; set; }

        public void Return() => ArrayPool<StoredEvent>.Shared.Return(Rows, clearArray: true);
    }

    private sealed class Closing(PlacedSeal placed, int lanes)
    {
        private readonly Lock _gate = new();
        private readonly List<ChainSpan> _spans = [];
        private int _missing = lanes;

        public PlacedSeal Placed => placed;

        public bool IsOverfull { get; private set; }

        public ChainSpan[] Spans => [.. _spans];

        /// <summary>True: this was the last one.</summary>
        public bool Add(ChainSpan[] spans, bool isOverfull)
        {
            lock (_gate)
            {
                _spans.AddRange(spans);
                IsOverfull |= isOverfull;
                return --_missing == 0;
            }
        }
    }
}
