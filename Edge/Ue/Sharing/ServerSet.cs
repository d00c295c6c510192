using System.Net;

namespace Mcptt.Ue.Sharing;

/// <summary>The servers that requests may go to, and which of them are passed over now. Thread safe.</summary>
internal sealed class ServerSet(IReadOnlyList<IPEndPoint> servers, Action<IPEndPoint, string?>? changed)
{
    private readonly bool[] _down = new bool[servers.Count];
    private readonly Lock _gate = new();

    public int Count => servers.Count;

    public IPEndPoint this[int index] => servers[index];

    /// <summary>
    /// The next one from <paramref name="preferred"/> on that is not passed over; when all others are, one that is: it may be back.
    /// -1: each has been tried (a bit in <paramref name="tried"/>).
    /// </summary>
    public int Choose(int preferred, ulong tried)
    {
        var lastResort = -1;
        lock (_gate)
        {
            for (var step = 0; step < Count; step++)
            {
                var index = (preferred + step) % Count;
                if ((tried & (1UL << index)) != 0)
                {
                    continue;
                }

                if (!_down[index])
                {
                    return index;
                }

                lastResort = lastResort < 0 ? index : lastResort;
            }
        }

        return lastResort;
    }

    public void Fail(int index, string why) => Set(index, why);

    public void Restore(int index) => Set(index, null);

    // One server is all there is: passing it over would only add a wait.
    private void Set(int index, string? why)
    {
        lock (_gate)
        {
            if (Count == 1 || _down[index] == why is not null)
            {
                return;
            }

            _down[index] = why is not null;
        }

        changed?.Invoke(servers[index], why);
    }
}
