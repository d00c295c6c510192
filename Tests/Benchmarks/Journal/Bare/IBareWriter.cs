using Mcptt.Actors.Journals;

namespace Mcptt.Benchmarks.Journal.Bare;

/// <summary>The same rows into the same tables by nothing but the database's own client: the limit that the database sets.</summary>
internal interface IBareWriter : IDisposable
{
    string Name { get; }

    /// <summary>One transaction; each row with one tag.</summary>
    void Write(ReadOnlySpan<StoredEvent> batch);
}
