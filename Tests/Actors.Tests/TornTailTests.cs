using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

/// <summary>What a power cut or a bad copy leaves of the file: whole commands from the beginning, or a clear refusal.</summary>
public sealed class TornTailTests : IDisposable
{
    private const int Commands = 60;
    private const int Cuts = 25;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_write_ahead_log_cut_anywhere_leaves_a_prefix_of_whole_commands()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        await using var journal = await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = _folder.File("journal.db") });
        await FillAsync(journal);
        var log = new FileInfo(_folder.File("journal.db-wal"));
        Assert.True(log.Length > 100_000, "the log holds what was written");
        for (var cut = 0; cut < Cuts; cut++)
        {
            var left = random.NextInt64(log.Length);
            var words = await WordsOfCopyAsync($"copy{cut}", left);

            Assert.True(words.Count % 3 == 0, $"seed {seed}: half a command at {left} bytes");
            Assert.Equal(Enumerable.Range(0, words.Count).Select(i => $"{i / 3}-{i % 3}"), words);
        }
    }

    [Fact]
    public async Task Without_its_write_ahead_log_the_file_is_older_but_whole()
    {
        await using var journal = await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = _folder.File("journal.db") });
        await FillAsync(journal);

        var words = await WordsOfCopyAsync("copy", 0);

        Assert.Equal(Enumerable.Range(0, words.Count).Select(i => $"{i / 3}-{i % 3}"), words);
    }

    private static async Task FillAsync(SqliteJournal journal)
    {
        await using var node = await Node.StartAsync(journal);
        for (var i = 0; i < Commands; i++)
        {
            Assert.Equal(Replies.Accepted, await node.SayAsync($"{i}", $"{i}-0", $"{i}-1", $"{i}-2"));
        }
    }

    private async Task<IReadOnlyList<string>> WordsOfCopyAsync(string name, long logBytes)
    {
        var path = _folder.File(name + ".db");
        File.Copy(_folder.File("journal.db"), path);
        if (logBytes > 0)
        {
            File.Copy(_folder.File("journal.db-wal"), path + "-wal");
            using var log = new FileStream(path + "-wal", FileMode.Open);
            log.SetLength(logBytes);
        }

        await using var copy = await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = path });
        await using var node = await Node.StartAsync(copy);
        var words = await node.WordsAsync();
        Assert.Equal(Replies.Accepted, await node.SayAsync("after the cut", "more"));
        return words;
    }
}
