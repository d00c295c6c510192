using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mcptt.Protocol.Floor;

/// <summary>An immutable list whose equality is that of its items, so that messages which hold one compare by value.</summary>
[CollectionBuilder(typeof(FloorList), nameof(FloorList.Create))]
public sealed class FloorList<T> : IReadOnlyList<T>, IEquatable<FloorList<T>>
    where T : IEquatable<T>
{
    private readonly ImmutableArray<T> _items;

    internal FloorList(ImmutableArray<T> items) => _items = items;

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public bool Equals(FloorList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as FloorList<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _items)}]";

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public static class FloorList
{
    public static FloorList<T> Create<T>(ReadOnlySpan<T> items)
        where T : IEquatable<T> => new([.. items]);
}
