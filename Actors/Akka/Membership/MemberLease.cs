using Mcptt.Actors.Shards;

namespace Mcptt.Actors.Akka.Membership;

/// <summary>
/// Whether this node may still speak for its shards: while it is a member of the cluster, and has not stood still (frozen, swapped out, suspended) for so long that the others
/// may have downed it. A thread of its own marks the time, so that a pool with much to do is not taken for a standstill.
/// </summary>
internal sealed class MemberLease : IShardLease, IDisposable
{
    private const int BeatsPerPause = 16;

    private readonly TimeProvider _time;
    private readonly TimeSpan _longestPause;
    private readonly ManualResetEventSlim _over = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _beat;

    public MemberLease(TimeProvider time, TimeSpan longestPause)
    {
        (_time, _longestPause) = (time, longestPause);
        _beat = time.GetTimestamp();
    }

    public bool IsHeld
    {
        get
        {
            if (!_lost.Task.IsCompleted && _time.GetElapsedTime(Interlocked.Read(ref _beat)) > _longestPause)
            {
                Lose();
            }

            return !_lost.Task.IsCompleted;
        }
    }

    /// <summary>Ends when it is lost, and then it never comes back.</summary>
    public Task Lost => _lost.Task;

    /// <summary>The node is a member from now on, however long it took to become one, and marks the time.</summary>
    public void Start()
    {
        Begin();
        new Thread(Run) { IsBackground = true, Name = "mcptt member lease" }.Start();
    }

    internal void Begin() => Interlocked.Exchange(ref _beat, _time.GetTimestamp());

    /// <summary>Still running. A mark that comes too late is none.</summary>
    public void Beat()
    {
        if (IsHeld)
        {
            Interlocked.Exchange(ref _beat, _time.GetTimestamp());
        }
    }

    public void Lose() => _lost.TrySetResult();

    public void Dispose()
    {
        Lose();
        _over.Set();
    }

    private void Run()
    {
        while (IsHeld && !_over.Wait(_longestPause / BeatsPerPause))
        {
            Beat();
        }
    }
}
