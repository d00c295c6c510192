using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cells;

/// <summary>
/// Effects of one actor in their order, each handed over until it is taken; then the next. It runs beside the actor's turns,
/// never within one, and outlives a stop of the actor by a failure.
/// </summary>
internal sealed class Outbox(CellServices services) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private bool _pumping;
    private long _last;
    private long _handedOver;
    private long _mediaRefusedSince;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The last sequence number whose effects were put in here.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Effects up to this sequence number were taken.</summary>
    public long HandedOver
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count == 0 ? _last : _handedOver;
            }
        }
    }

    /// <summary>Sets where an actor stands that was just loaded: nothing beyond is known here.</summary>
    public void StartAt(long handedOver)
    {
        lock (_gate)
        {
            _last = _handedOver = handedOver;
        }
    }

    /// <summary>Effects of the event with this sequence number. One lower than the last is a repeat and moves no mark.</summary>
    public void Enqueue(long sequenceNumber, IReadOnlyList<Effect> effects)
    {
        lock (_gate)
        {
            if (_entries.Count == 0)
            {
                _handedOver = _last;
            }

            foreach (var effect in effects)
            {
                _entries.Enqueue(new Entry(sequenceNumber, effect));
            }

            _last = Math.Max(_last, sequenceNumber);
            if (_pumping || _entries.Count == 0)
            {
                return;
            }

            _pumping = true;
        }

        services.Work.Begin();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    private async Task PumpAsync()
    {
        await HandOverAllAsync();
        services.Work.End();
    }

    private async Task HandOverAllAsync()
    {
        var wait = services.Options.RetryFirst;
        while (TryPeek(out var effect))
        {
            if (!services.Lease.IsHeld)
            {
                // The next owner hands it over.
                return;
            }

            if (await services.Gateway.HandOverAsync(effect, services.Stopping))
            {
                services.Metrics.EffectTaken();
                _mediaRefusedSince = effect.BodyCase == Effect.BodyOneofCase.Media ? 0 : _mediaRefusedSince;
                wait = services.Options.RetryFirst;
                Remove();
                continue;
            }

            services.Metrics.EffectNotTaken();
            if (IsMediaGivenUp(effect))
            {
                Remove();
                continue;
            }

            try
            {
                await Task.Delay(wait, services.Time, services.Stopping);
            }
            catch (OperationCanceledException)
            {
                // The node ends: the effect is beyond the stored mark and is sent again after the next start.
                return;
            }

            wait = wait * 2 < services.Options.RetryMax ? wait * 2 : services.Options.RetryMax;
        }
    }

    /// <summary>
    /// A session that the media plane has refused for so long does not come back: what was meant for it is given up, or a call that
    /// ended before a crash would keep its actor for ever.
    /// </summary>
    private bool IsMediaGivenUp(Effect effect)
    {
        if (effect.BodyCase != Effect.BodyOneofCase.Media)
        {
            return false;
        }

        var now = services.Time.GetTimestamp();
        if (_mediaRefusedSince == 0)
        {
            _mediaRefusedSince = now;
        }

        if (services.Time.GetElapsedTime(_mediaRefusedSince, now) < services.Options.MediaGiveUp)
        {
            return false;
        }

        services.Metrics.EffectGivenUp();
        services.Logger.LogError("The effect {EffectId} for session {Session} was given up: no media node takes it", effect.Media.EffectId, effect.Media.Session);
        return true;
    }

    private bool TryPeek(out Effect effect)
    {
        lock (_gate)
        {
            _pumping = _entries.TryPeek(out var entry);
            effect = entry.Effect;
            return _pumping;
        }
    }

    private void Remove()
    {
        lock (_gate)
        {
            var taken = _entries.Dequeue();
            if (!_entries.TryPeek(out var next) || next.SequenceNumber != taken.SequenceNumber)
            {
                _handedOver = Math.Max(_handedOver, taken.SequenceNumber);
            }
        }
    }

    private readonly record struct Entry(long SequenceNumber, Effect Effect);
}
