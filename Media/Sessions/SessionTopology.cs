using System.Net;
using System.Net.Sockets;
using Mcptt.Media.Recording;
using Mcptt.Media.Sockets;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Sessions;

/// <summary>
/// Legs, their addresses and talkers of one session under one gate, and the forwarding table that is made from them with
/// every change.
/// </summary>
internal sealed class SessionTopology(SessionContext context, AddressFamily family, SessionRecorder? recorder)
{
    /// <summary>More are passed over: a call's own limit of participants is far below.</summary>
    public const int MaxLegs = 4096;

    /// <summary>Addresses of legs that left, remembered so that what still comes from there is not taken for somebody else's. Full: all are forgotten.</summary>
    public const int MaxDeserted = 4096;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<uint, MediaLeg> _legs = [];
    private readonly Dictionary<uint, TimeSpan> _talkers = [];
    private readonly HashSet<uint> _gone = [];
    private readonly HashSet<uint> _flowStopped = [];
    private readonly HashSet<EndpointKey> _deserted = [];
    private readonly SessionTapes _tapes = new(recorder, context.Time);
    private ulong _epoch;
    private volatile ForwardingTable _table = ForwardingTable.Empty;

    public ForwardingTable Table => _table;

    public MediaLeg? Find(uint leg)
    {
        lock (_gate)
        {
            return _legs.GetValueOrDefault(leg);
        }
    }

    /// <summary>It was here and left: what is still meant for it is void. A number is used once per call.</summary>
    public bool HasLeft(uint leg)
    {
        lock (_gate)
        {
            return _gone.Contains(leg);
        }
    }

    public MediaLeg? Put(PutMediaLeg put)
    {
        lock (_gate)
        {
            if (!_legs.TryGetValue(put.Leg, out var leg))
            {
                if (_legs.Count >= MaxLegs)
                {
                    return null;
                }

                leg = new MediaLeg(put.Leg, context.Options, context.Counters, context.Metrics, context.Time);
                leg.FlowStopped = _flowStopped.Contains(put.Leg);
                _legs.Add(put.Leg, leg);
                var now = context.Time.GetTimestamp();
                SetPermission(leg, now, again: false, decided: false);
                if (_talkers.Count > 0 && !_talkers.ContainsKey(put.Leg))
                {
                    leg.Came(now);
                }
            }

            _gone.Remove(put.Leg);
            leg.Replace(put, family);
            _tapes.Turn(leg);
            Claim(leg);
            Rebuild();
            return leg;
        }
    }

    public void Remove(uint leg)
    {
        lock (_gate)
        {
            _gone.Add(leg);
            _flowStopped.Remove(leg);
            if (_legs.Remove(leg, out var left))
            {
                left.Held.Abandon();
                _tapes.End(left);
                Desert(left);
                Rebuild();
            }
        }
    }

    /// <summary>The call puts legs and its floor actor stops flows: either may come first. As many are remembered as there can be legs.</summary>
    public void SetFlow(SetMediaFlow order)
    {
        lock (_gate)
        {
            if (!order.Stopped)
            {
                _flowStopped.Remove(order.Leg);
            }
            else if (_flowStopped.Count < MaxLegs && !_gone.Contains(order.Leg))
            {
                _flowStopped.Add(order.Leg);
            }

            if (_legs.TryGetValue(order.Leg, out var leg))
            {
                leg.FlowStopped = _flowStopped.Contains(order.Leg);
                Rebuild();
            }
        }
    }

    /// <summary>Returns whose held speech has to be sent now, with the number of that drain.</summary>
    public IReadOnlyList<(MediaLeg Leg, int Drain)> SetTalkers(SetTalkers order)
    {
        lock (_gate)
        {
            if (order.Epoch < _epoch)
            {
                return [];
            }

            var again = order.Epoch == _epoch;
            var decided = order.Talkers.Count + _talkers.Count > 0;
            _epoch = order.Epoch;
            _talkers.Clear();
            foreach (var talker in order.Talkers)
            {
                _talkers[talker.Leg] = TimeSpan.FromMilliseconds(talker.T1Ms);
            }

            // A phone without floor channel passes from the moment of its permission: its tape is there before.
            _tapes.Grant(order);
            foreach (var leg in _legs.Values)
            {
                _tapes.Turn(leg);
            }

            var now = context.Time.GetTimestamp();
            List<(MediaLeg, int)>? held = null;
            foreach (var leg in _legs.Values)
            {
                if (SetPermission(leg, now, again, decided) is { } drain)
                {
                    (held ??= []).Add((leg, drain));
                }
            }

            Rebuild();
            return held ?? [];
        }
    }

    /// <summary>The leg whose RTP comes from here by <see cref="SourceMatch"/>, and from now on is known to.</summary>
    public Route? LatchRtp(SourceMatch.Packet packet, SocketAddress source)
    {
        lock (_gate)
        {
            if (_deserted.Contains(packet.Source) || SourceMatch.Find(_legs.Values, leg => leg.Rtp, packet) is not { } leg)
            {
                return null;
            }

            leg.Rtp.MoveTo(packet.Source, source);
            context.Counters.Add(MediaCounter.Latched);
            Rebuild();
            return _table.FindSource(packet.Source);
        }
    }

    /// <summary>The same for the floor channel.</summary>
    public MediaLeg? LatchFloor(SourceMatch.Packet packet, SocketAddress source)
    {
        lock (_gate)
        {
            if (_deserted.Contains(packet.Source) || SourceMatch.Find(_legs.Values, leg => leg.Floor, packet) is not { Floor: { } floor } leg)
            {
                return null;
            }

            floor.MoveTo(packet.Source, source);
            context.Counters.Add(MediaCounter.Latched);
            Rebuild();
            return leg;
        }
    }

    /// <summary>The address that held speech of this leg came from.</summary>
    public EndpointKey SourceOf(MediaLeg leg)
    {
        lock (_gate)
        {
            return leg.Rtp.Current;
        }
    }

    public void EndRecordings()
    {
        lock (_gate)
        {
            foreach (var leg in _legs.Values)
            {
                _tapes.End(leg);
            }
        }
    }

    private int? SetPermission(MediaLeg leg, long now, bool again, bool decided)
    {
        if (_talkers.TryGetValue(leg.Number, out var t1))
        {
            leg.Burst.Permit(t1, now, again, _epoch);
            if (!leg.HasFloorChannel)
            {
                leg.Access.Answered(FloorAnswer.Granted);
            }

            return leg.Held.Permit(now);
        }

        leg.Burst.Forbid(now, released: leg.HasFloorChannel, _epoch);
        leg.Held.Forbid(decided);
        if (decided && !leg.HasFloorChannel)
        {
            leg.Access.Forget();
        }

        return null;
    }

    // Who was heard before SIP said whose address it is may have been taken for another leg.
    private void Claim(MediaLeg owner)
    {
        _deserted.Remove(owner.Rtp.Announced);
        _deserted.Remove(owner.Floor?.Announced ?? default);
        foreach (var leg in _legs.Values.Where(leg => leg != owner))
        {
            if (leg.Rtp.Current == owner.Rtp.Announced && leg.Rtp.Current != leg.Rtp.Announced)
            {
                leg.Rtp.Forget();
            }

            if (leg.Floor is { } floor && floor.Current == owner.Floor?.Announced && floor.Current != floor.Announced)
            {
                floor.Forget();
            }
        }
    }

    private void Desert(MediaLeg left)
    {
        if (_deserted.Count >= MaxDeserted)
        {
            _deserted.Clear();
        }

        _deserted.Add(left.Rtp.Current);
        if (left.Floor is { } floor)
        {
            _deserted.Add(floor.Current);
        }
    }

    private void Rebuild() => _table = new ForwardingTable(_legs.Values, _talkers);
}
