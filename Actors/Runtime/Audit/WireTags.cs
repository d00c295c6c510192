using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>
/// The tags of <see cref="EventTags.Of"/>, in UTF-8, read from an envelope's octets without making the message. That both say the same is
/// tested with every event of the corpus and of every kind.
/// </summary>
internal sealed class WireTags
{
    private const int EventField = EventEnvelope.EventFieldNumber;
    private const int UsualOctets = 256;
    private const int MaxOctetsPerChar = 3;
    private const int OnBehalfOfField = EventEnvelope.OnBehalfOfFieldNumber;

    private static readonly Plan Events = OfEvents();

    private static readonly byte[] UserPrefix = Encoding.UTF8.GetBytes(EventTags.User(""));
    private static readonly byte[] GroupPrefix = Encoding.UTF8.GetBytes(EventTags.Group(""));
    private static readonly byte[] CallPrefix = Encoding.UTF8.GetBytes(EventTags.Call(""));

    private readonly List<Range> _tags = [];
    private byte[] _octets = new byte[1024];
    private int _end;

    public int Count => _tags.Count;

    public ReadOnlySpan<byte> this[int index] => _octets.AsSpan(_tags[index]);

    public void Read(string persistenceId, ReadOnlySpan<byte> message)
    {
        _tags.Clear();
        _end = 0;
        ReadOnlySpan<byte> happened = default;
        ReadOnlySpan<byte> onBehalfOf = default;
        while (!message.IsEmpty && WireField.TryRead(ref message, out var field))
        {
            if (field.Type == WireFormat.WireType.LengthDelimited)
            {
                happened = field.Number == EventField ? field.Octets : happened;
                onBehalfOf = field.Number == OnBehalfOfField ? field.Octets : onBehalfOf;
            }
        }

        if (!TryAddOwn(persistenceId))
        {
            return;
        }

        if (onBehalfOf.Contains((byte)':'))
        {
            Add(UserPrefix, onBehalfOf);
        }

        AddNamed(happened, Events);
    }

    // What is of no actor, seals for instance, has no tags at all.
    private bool TryAddOwn(string persistenceId)
    {
        if (!ActorAddresses.TryParse(persistenceId, out var address))
        {
            return false;
        }

        byte[]? prefix = address.Kind switch
        {
            ActorKindName.Ue => UserPrefix,
            ActorKindName.Group => GroupPrefix,
            ActorKindName.Call or ActorKindName.Floor => CallPrefix,
            _ => null,
        };
        if (prefix is not null)
        {
            Span<byte> id = address.Id.Length * MaxOctetsPerChar <= UsualOctets ? stackalloc byte[UsualOctets] : new byte[address.Id.Length * MaxOctetsPerChar];
            Add(prefix, id[..Encoding.UTF8.GetBytes(address.Id, id)]);
        }

        return true;
    }

    private void AddNamed(ReadOnlySpan<byte> message, Plan plan)
    {
        while (!message.IsEmpty && WireField.TryRead(ref message, out var field))
        {
            if (field.Type != WireFormat.WireType.LengthDelimited || !plan.Fields.TryGetValue(field.Number, out var named))
            {
                continue;
            }

            if (named.Prefix is not null && !field.Octets.IsEmpty)
            {
                Add(named.Prefix, field.Octets);
            }

            if (named.Inner is not null)
            {
                AddNamed(field.Octets, named.Inner);
            }
        }
    }

    private void Add(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> value)
    {
        var octets = prefix.Length + value.Length;
        if (_end + octets > _octets.Length)
        {
            Array.Resize(ref _octets, Math.Max(2 * _octets.Length, _end + octets));
        }

        var tag = _octets.AsSpan(_end, octets);
        prefix.CopyTo(tag);
        value.CopyTo(tag[prefix.Length..]);
        for (var i = 0; i < Count; i++)
        {
            if (this[i].SequenceEqual(tag))
            {
                return;
            }
        }

        _tags.Add(_end..(_end + octets));
        _end += octets;
    }

    private static Plan OfEvents()
    {
        var areas = new Plan();
        foreach (var area in DomainEvent.Descriptor.Oneofs[0].Fields)
        {
            var kinds = area.MessageType.Oneofs is [_, ..] ? new Plan() : OfMessage(area.MessageType, EventTags.Depth);
            foreach (var kind in area.MessageType.Oneofs is [var of, ..] ? of.Fields.Where(field => field.FieldType == FieldType.Message) : [])
            {
                kinds.Fields.Add(kind.FieldNumber, new Named(null, OfMessage(kind.MessageType, EventTags.Depth)));
            }

            areas.Fields.Add(area.FieldNumber, new Named(null, kinds));
        }

        return areas;
    }

    private static Plan OfMessage(MessageDescriptor message, int depth)
    {
        var plan = new Plan();
        foreach (var (field, prefix) in EventTags.NamingFields(message))
        {
            if (field.FieldType != FieldType.Message)
            {
                plan.Fields.Add(field.FieldNumber, new Named(Encoding.UTF8.GetBytes(prefix), null));
            }
            else if (depth > 0)
            {
                plan.Fields.Add(field.FieldNumber, new Named(null, OfMessage(field.MessageType, depth - 1)));
            }
        }

        return plan;
    }

    /// <summary>Which fields of a message name somebody, and in which messages to look on.</summary>
    private sealed class Plan
    {
        public Dictionary<int, Named> Fields { get; } = [];
    }

    private sealed record Named(byte[]? Prefix, Plan? Inner);
}
