namespace Mcptt.Actors.Akka.Routing;

/// <summary>
/// How long a command to a shard waits for its answer before it is sent again. A shard that is slow to answer, as when it reads old events on a busy machine, gets twice as long after each silence: with
/// the same time again and again it would have to do what it is doing once more each time, and never be done. Another ownership begins anew.
/// </summary>
internal sealed class AttemptTimes(int shards, TimeSpan first, TimeSpan longest)
{
    private readonly Lock _gate = new();
    private readonly (long Epoch, TimeSpan Time)[] _times = new (long, TimeSpan)[shards];

    public TimeSpan Of(uint shard, long epoch)
    {
        lock (_gate)
        {
            return _times[shard].Epoch == epoch && _times[shard].Time > TimeSpan.Zero ? _times[shard].Time : first;
        }
    }

    /// <summary>No answer came within the time given.</summary>
    public void Silent(uint shard, long epoch, TimeSpan waited)
    {
        lock (_gate)
        {
            // Several commands wait at the same time: their silence counts once.
            if (Of(shard, epoch) <= waited)
            {
                _times[shard] = (epoch, waited * 2 < longest ? waited * 2 : longest);
            }
        }
    }

    public void Answered(uint shard, long epoch)
    {
        lock (_gate)
        {
            if (_times[shard].Epoch == epoch)
            {
                _times[shard] = default;
            }
        }
    }
}
