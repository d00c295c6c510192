using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Google.Protobuf;
using Mcptt.Actors;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Benchmarks.Calls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Journal;

/// <summary>
/// Calls of the real actors, moved into archives: what each way to compress saves and costs, how fast rows go out of the journal, and how fast they
/// are read from an archive beside the same rows read from SQLite, in turns.
/// </summary>
internal static class ArchiveBenchmark
{
    private const int UsualCalls = 500;
    private const int Bursts = 8;
    private const int Rounds = 5;
    private const int Unused = 9; // ports on which nobody listens (discard, RFC 863)

    private static readonly (string Name, Func<byte[], byte[]> Compress, Func<byte[], int, byte[]> Decompress)[] Ways =
    [
        ("Brotli 1", raw => IntoBrotli(raw, 1), OutOfBrotli),
        ("Brotli 4", raw => IntoBrotli(raw, 4), OutOfBrotli),
        ("Brotli 5", raw => IntoBrotli(raw, 5), OutOfBrotli),
        ("Brotli 7", raw => IntoBrotli(raw, 7), OutOfBrotli),
        ("Brotli 9", raw => IntoBrotli(raw, 9), OutOfBrotli),
        ("Brotli 11", raw => IntoBrotli(raw, 11), OutOfBrotli),
        ("zlib fastest", raw => IntoZlib(raw, CompressionLevel.Fastest), OutOfZlib),
        ("zlib optimal", raw => IntoZlib(raw, CompressionLevel.Optimal), OutOfZlib),
        ("zlib smallest", raw => IntoZlib(raw, CompressionLevel.SmallestSize), OutOfZlib),
    ];

    public static async Task RunAsync(string[] args)
    {
        var calls = args is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : UsualCalls;
        var folder = Directory.CreateTempSubdirectory("mcptt-benchmark-");
        try
        {
            var path = Path.Combine(folder.FullName, "journal.db");
            await WriteAsync(path, calls);
            await using var journal = new SqliteJournal(new SqliteJournalOptions { Path = path }, NullLogger<SqliteJournal>.Instance);
            await journal.OpenAsync(CancellationToken.None);
            var rows = await RowsAsync(journal);
            Console.WriteLine($"{calls} calls of {Town.MembersPerCall} with {Bursts} bursts: {rows.Count} rows, {rows.Sum(row => (long)row.Event.Message.Length) / rows.Count} bytes of message each");
            CompareWays(rows);
            await MoveAndReadAsync(journal, Path.Combine(folder.FullName, "archives"), path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteAsync(string path, int calls)
    {
        var journal = new SqliteJournal(new SqliteJournalOptions { Path = path }, NullLogger<SqliteJournal>.Instance);
        await using var town = await Town.StartAsync(journal, new EngineOptions { SweepInterval = TimeSpan.FromMilliseconds(100) }, Unused, Unused);
        await town.RegisterAsync(0, calls * Town.MembersPerCall);
        await town.CallAsync(0, calls);
        await town.TalkAndEndAsync(0, calls, Bursts);

        // Ended calls leave memory by themselves, and then their rows in `live` are gone too.
        await town.UnloadedAsync(calls * (Town.MembersPerCall + 1));
        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    private static async Task<List<JournalRecord>> RowsAsync(SqliteJournal journal)
    {
        var orderings = await journal.ReadAllAsync(0, CancellationToken.None)
            .Where(row => row.PersistenceId.StartsWith("call-", StringComparison.Ordinal) || row.PersistenceId.StartsWith("floor-", StringComparison.Ordinal))
            .Select(row => row.Ordering).ToListAsync();
        return await journal.Pruner!.ReadRecordsAsync(orderings, CancellationToken.None).ToListAsync(); // SQLite has one.
    }

    private static void CompareWays(List<JournalRecord> rows)
    {
        var blocks = Blocks(rows).ToList();
        var raw = blocks.Sum(block => (long)block.Length);
        Console.WriteLine($"{"one core, median of " + Rounds + " rounds (minimum..maximum)",-48}{"part of raw",12}{"in, MB/s",26}{"out, MB/s",28}");
        foreach (var (name, compress, decompress) in Ways)
        {
            List<double> into = [], outOf = [];
            List<byte[]> compressed = [];
            for (var round = 0; round < Rounds; round++)
            {
                into.Add(Speed(raw, () => compressed = blocks.ConvertAll(block => compress(block))));
                outOf.Add(Speed(raw, () => compressed.Zip(blocks, (one, block) => decompress(one, block.Length).Length).Sum()));
            }

            Console.WriteLine($"{name,-48}{(double)compressed.Sum(block => block.Length) / raw,11:P1} {Spread(into),26}{Spread(outOf),28}");
        }
    }

    private static async Task MoveAndReadAsync(SqliteJournal journal, string folder, string path)
    {
        List<double> live = [], archived = [];
        for (var round = 0; round < Rounds; round++)
        {
            live.Add(await ReadSpeedAsync(journal));
        }

        var bytesBefore = new FileInfo(path).Length;
        var options = new ArchivingOptions { Folder = folder, OlderThan = TimeSpan.Zero, RequireSeal = false, Pause = TimeSpan.Zero };
        var start = Stopwatch.GetTimestamp();
        var report = await new CallArchiver(journal, journal.Pruner!, options, TimeProvider.System, NullLogger.Instance).RunAsync(null, CancellationToken.None); // SQLite has one.
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(
            $"moved {report.Calls} calls with {report.Rows} rows in {seconds:F1} s: {report.Rows / seconds:F0} rows/s (looked at, written, read back, removed; no pauses); "
            + $"not ended {report.NotEnded}, unreadable {report.Unreadable}");
        Console.WriteLine(
            $"messages {report.JournalBytes} bytes, archive {report.FileBytes} bytes with index and tags: {(double)report.FileBytes / report.JournalBytes:P1}; "
            + $"the SQLite file had {bytesBefore} bytes, of which {FreeBytes(path)} are free for new rows now");
        var composite = new ArchivedJournal(journal, folder);
        for (var round = 0; round < Rounds; round++)
        {
            archived.Add(await ReadSpeedAsync(composite));
        }

        Console.WriteLine($"read from SQLite {Spread(live)} rows/s, from journal and archive together {Spread(archived)} rows/s: {Middle(archived) / Middle(live):F2} times");
        var id = await composite.ReadPersistenceIdsAsync("call-", "", CancellationToken.None).FirstAsync();
        var samples = Measure.Run(("one call from the archive", () => composite.ReadActorAsync(id, 1, CancellationToken.None).CountAsync().AsTask().GetAwaiter().GetResult()));
        Console.WriteLine(samples[0]);
    }

    private static async Task<double> ReadSpeedAsync(IJournalReader journal)
    {
        var start = Stopwatch.GetTimestamp();
        var rows = await journal.ReadAllAsync(0, CancellationToken.None).CountAsync();
        return rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static long FreeBytes(string path)
    {
        using var database = SqliteDatabase.Open(path, create: false);
        return database.Number("PRAGMA freelist_count") * database.Number("PRAGMA page_size");
    }

    private static IEnumerable<byte[]> Blocks(List<JournalRecord> rows)
    {
        var draft = new ArchiveBlockDraft();
        foreach (var row in rows)
        {
            draft.Add(row);
            if (draft.IsFull)
            {
                yield return draft.ToMessage().ToByteArray();
                draft = new ArchiveBlockDraft();
            }
        }

        yield return draft.ToMessage().ToByteArray();
    }

    private static double Speed(long bytes, Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return bytes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
    }

    private static byte[] IntoBrotli(byte[] raw, int quality)
    {
        var room = new byte[BrotliEncoder.GetMaxCompressedLength(raw.Length)];
        return BrotliEncoder.TryCompress(raw, room, out var written, quality, 22) ? room[..written] : throw new InvalidOperationException("it does not fit");
    }

    private static byte[] OutOfBrotli(byte[] compressed, int rawBytes)
    {
        var raw = new byte[rawBytes];
        return BrotliDecoder.TryDecompress(compressed, raw, out _) ? raw : throw new InvalidOperationException("it does not come back");
    }

    private static byte[] IntoZlib(byte[] raw, CompressionLevel level)
    {
        var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, level))
        {
            zlib.Write(raw);
        }

        return output.ToArray();
    }

    private static byte[] OutOfZlib(byte[] compressed, int rawBytes)
    {
        var raw = new byte[rawBytes];
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        zlib.ReadExactly(raw);
        return raw;
    }

    private static string Spread(List<double> values) => $"{Middle(values):F0} ({values.Min():F0}..{values.Max():F0})";

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
