using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

public enum ArchiveState
{
    /// <summary>Named by the journal, and every byte as it was written.</summary>
    Verified,

    /// <summary>Named by the journal; its bytes were not looked at.</summary>
    Named,

    /// <summary>No event of this journal names it.</summary>
    NotNamed,

    /// <summary>The journal names it with another hash: it was replaced.</summary>
    Replaced,

    Damaged,

    /// <summary>The journal names it and the folder does not have it.</summary>
    Missing,
}

/// <summary>One file of the folder, or one that should be there.</summary>
/// <param name="Detail">What is wrong; empty: nothing.</param>
public sealed record ListedArchive(string Name, ArchiveState State, string Detail)
{
    public ulong Calls { get; init; }

    public ulong Rows { get; init; }

    public DateTimeOffset First { get; init; }

    public DateTimeOffset Last { get; init; }

    public long Bytes { get; init; }

    public bool IsSound => State is ArchiveState.Verified or ArchiveState.Named or ArchiveState.NotNamed;
}

/// <summary>What is in the folder of archives beside what the journal says is there.</summary>
public static class ArchiveInventory
{
    /// <param name="isVerified">Every byte of every file is read.</param>
    /// <param name="progress">Told of bytes.</param>
    public static async Task<IReadOnlyList<ListedArchive>> ReadAsync(
        IJournalReader journal, string folder, bool isVerified, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken)
    {
        var named = new Dictionary<string, CallsArchived>(StringComparer.Ordinal);
        await foreach (var archived in ArchiveChain.ReadAsync(journal, cancellationToken))
        {
            named[archived.File] = archived;
        }

        var files = new ArchiveFolder(folder);
        var names = ArchiveCatalog.Guard(() => files.List(ArchiveFormat.Extension));
        var total = names.Sum(files.Length);
        long done = 0;
        var listed = new List<ListedArchive>();
        foreach (var name in names)
        {
            listed.Add(Look(files, name, named.GetValueOrDefault(name), isVerified, cancellationToken));
            progress?.Report((done += files.Length(name), total));
        }

        listed.AddRange(named.Values.Where(archived => !names.Contains(archived.File)).Select(Missing));
        return [.. listed.OrderBy(archive => archive.First).ThenBy(archive => archive.Name, StringComparer.Ordinal)];
    }

    private static ListedArchive Look(ArchiveFolder files, string name, CallsArchived? archived, bool isVerified, CancellationToken cancellationToken)
    {
        var listed = new ListedArchive(name, archived is null ? ArchiveState.NotNamed : ArchiveState.Named, "") { Bytes = files.Length(name) };
        try
        {
            var header = ArchiveFile.Open(files, name).Header;
            listed = listed with { Calls = header.Calls, Rows = header.Rows, First = At(header.FirstCreatedTicks), Last = At(header.LastCreatedTicks) };
        }
        catch (ArchiveException failure)
        {
            return listed with { State = ArchiveState.Damaged, Detail = failure.Message };
        }

        if (!isVerified)
        {
            return listed;
        }

        var verification = ArchiveVerifier.Verify(files, name, cancellationToken);
        return !verification.IsGood ? listed with { State = ArchiveState.Damaged, Detail = string.Join("; ", verification.Problems) }
            : archived is null ? listed
            : !archived.Sha256.Span.SequenceEqual(verification.Sha256) ? listed with { State = ArchiveState.Replaced, Detail = "its SHA-256 is not the one that the journal has" }
            : listed with { State = ArchiveState.Verified };
    }

    private static ListedArchive Missing(CallsArchived archived) =>
        new(archived.File, ArchiveState.Missing, "what is read lacks its calls; bring it back from a copy")
        {
            Calls = archived.Calls,
            Rows = archived.Rows,
            First = At(archived.FirstCreatedTicks),
            Last = At(archived.LastCreatedTicks),
            Bytes = (long)archived.Bytes,
        };

    private static DateTimeOffset At(long ticks) => new(Math.Clamp(ticks, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
