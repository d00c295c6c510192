using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>
/// The header fields of one message in order. Those that came off the wire are slices of one text; a value becomes a string
/// when it is asked for. Names are compared without case and in their compact forms. Not safe for concurrent change.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "The standard's word.")]
public sealed class SipHeaders : IReadOnlyCollection<SipHeader>
{
    private const int FirstCapacity = 16;

    private Entry[] _entries;

    public SipHeaders()
        : this(FirstCapacity)
    {
    }

    internal SipHeaders(int capacity) => _entries = new Entry[capacity];

    public int Count { get; private set; }

    /// <summary>Counts the changes: values made from a header are kept as long as it stands still.</summary>
    internal int Version { get; private set; }

    /// <summary>First value of this name; null: none.</summary>
    public string? this[string name]
    {
        get
        {
            var at = IndexOf(name, 0);
            return at < 0 ? null : Value(at);
        }
    }

    public bool Contains(string name) => IndexOf(name, 0) >= 0;

    /// <summary>Values of all fields of this name, each as it stood.</summary>
    public IReadOnlyList<string> All(string name)
    {
        List<string>? all = null;
        for (var at = IndexOf(name, 0); at >= 0; at = IndexOf(name, at + 1))
        {
            (all ??= []).Add(Value(at));
        }

        return all ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Values of all fields of this name, comma-separated lists taken apart (RFC 3261 7.3.1). Not for the authentication headers.</summary>
    public IReadOnlyList<string> Elements(string name)
    {
        List<string>? all = null;
        for (var at = IndexOf(name, 0); at >= 0; at = IndexOf(name, at + 1))
        {
            var rest = ValueSpan(at);
            while (SipGrammar.TryNextElement(ref rest, out var element))
            {
                (all ??= []).Add(element.ToString());
            }
        }

        return all ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Whether a comma-separated list such as Supported or Require holds this token.</summary>
    public bool HasToken(string name, string token)
    {
        for (var at = IndexOf(name, 0); at >= 0; at = IndexOf(name, at + 1))
        {
            var rest = ValueSpan(at);
            while (SipGrammar.TryNextElement(ref rest, out var element))
            {
                if (element.Equals(token, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Appends a field. Line breaks and NUL in the value become blanks, so that no value can smuggle in a field of its own.</summary>
    public SipHeaders Add(string name, string value)
    {
        Insert(Count, new Entry(name, Clean(value)));
        return this;
    }

    /// <summary>Puts a field before all others of its name, or first.</summary>
    public SipHeaders Prepend(string name, string value)
    {
        Insert(Math.Max(0, IndexOf(name, 0)), new Entry(name, Clean(value)));
        return this;
    }

    /// <summary>Replaces all fields of this name by one, in the place of the first.</summary>
    public SipHeaders Set(string name, string value)
    {
        var at = IndexOf(name, 0);
        if (at < 0)
        {
            return Add(name, value);
        }

        RemoveFrom(name, at + 1);
        _entries[at] = new Entry(name, Clean(value));
        Version++;
        return this;
    }

    public SipHeaders Remove(string name)
    {
        RemoveFrom(name, 0);
        return this;
    }

    /// <summary>Appends all fields of this name as they stand in another message.</summary>
    public SipHeaders CopyFrom(SipHeaders other, string name)
    {
        for (var at = other.IndexOf(name, 0); at >= 0; at = other.IndexOf(name, at + 1))
        {
            Insert(Count, other._entries[at]);
        }

        return this;
    }

    public IEnumerator<SipHeader> GetEnumerator()
    {
        for (var at = 0; at < Count; at++)
        {
            yield return new SipHeader(NameAt(at).ToString(), Value(at));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal SipHeaders Clone()
    {
        var copy = new SipHeaders(Count + 2);
        Array.Copy(_entries, copy._entries, Count);
        copy.Count = Count;
        return copy;
    }

    internal void AddSlice(byte id, string source, int nameStart, int nameLength, int valueStart, int valueLength) =>
        Insert(Count, new Entry(id, source, nameStart, nameLength, valueStart, valueLength));

    internal byte IdAt(int index) => _entries[index].Id;

    internal int IndexOf(byte id, int from)
    {
        for (var at = from; at < Count; at++)
        {
            if (_entries[at].Id == id)
            {
                return at;
            }
        }

        return -1;
    }

    internal ReadOnlySpan<char> ValueSpan(int index)
    {
        ref var entry = ref _entries[index];
        return entry.Value ?? entry.Source.AsSpan(entry.ValueStart, entry.ValueLength);
    }

    internal string Value(int index) => _entries[index].Value ??= ValueSpan(index).ToString();

    /// <summary>The name as we write it: the long form of one that we know.</summary>
    internal ReadOnlySpan<char> NameAt(int index)
    {
        ref var entry = ref _entries[index];
        return entry.Id != KnownHeaders.Unknown ? KnownHeaders.Name(entry.Id)
            : entry.Name ?? entry.Source.AsSpan(entry.NameStart, entry.NameLength);
    }

    private static string Clean(string value) =>
        value.AsSpan().ContainsAny('\r', '\n', '\0') ? value.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ').Trim() : value.Trim();

    private int IndexOf(string name, int from)
    {
        var id = KnownHeaders.Find(name);
        if (id != KnownHeaders.Unknown)
        {
            return IndexOf(id, from);
        }

        for (var at = from; at < Count; at++)
        {
            if (_entries[at].Id == KnownHeaders.Unknown && NameAt(at).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return at;
            }
        }

        return -1;
    }

    private void RemoveFrom(string name, int from)
    {
        for (var at = IndexOf(name, from); at >= 0; at = IndexOf(name, at))
        {
            Array.Copy(_entries, at + 1, _entries, at, Count - at - 1);
            _entries[--Count] = default;
            Version++;
        }
    }

    private void Insert(int at, Entry entry)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(FirstCapacity, Count * 2));
        }

        Array.Copy(_entries, at, _entries, at + 1, Count - at);
        _entries[at] = entry;
        Count++;
        Version++;
    }

    // Source: the text that was parsed. Value: kept once made, or set by us.
    private struct Entry
    {
        public string? Source;
        public string? Name;
        public string? Value;
        public int NameStart;
        public int ValueStart;
        public ushort NameLength;
        public ushort ValueLength;
        public byte Id;

        public Entry(string name, string value)
        {
            Id = KnownHeaders.Find(name);
            Name = SipGrammar.IsToken(name) ? name : throw new ArgumentException($"Not a header name: '{name}'", nameof(name));
            Value = value;
        }

        public Entry(byte id, string source, int nameStart, int nameLength, int valueStart, int valueLength)
        {
            (Id, Source, NameStart, NameLength) = (id, source, nameStart, (ushort)nameLength);
            (ValueStart, ValueLength) = (valueStart, (ushort)valueLength);
        }
    }
}
