using System.Text;
using Mcptt.Actors.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests;

public sealed class SqliteJournalReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("journal.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_journal_that_nobody_has_open_is_read_and_nothing_is_created_or_changed()
    {
        await WriteAsync(1, "one", "two");
        var before = Files();

        using (var reader = Open(Path))
        {
            Assert.Equal(["one", "two"], await Texts(reader));
            Assert.Equal(2, await reader.ReadLastOrderingAsync(default));
            Assert.Equal(before, Files());
        }

        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task A_journal_is_read_while_its_server_writes_to_it()
    {
        await using var journal = await OpenWriterAsync();
        await journal.AppendAsync(Append(1, "one"));
        using var reader = Open(Path);
        Assert.Equal(["one"], await Texts(reader));

        await journal.AppendAsync(Append(2, "two"));

        Assert.Equal(["one", "two"], await Texts(reader));
    }

    [Fact]
    public async Task A_reader_of_a_closed_journal_sees_what_a_server_writes_that_starts_later()
    {
        await WriteAsync(1, "one");
        using var reader = Open(Path);
        Assert.Equal(["one"], await Texts(reader));

        await WriteAsync(2, "two");
        Assert.Equal(["one", "two"], await Texts(reader));

        await using var journal = await OpenWriterAsync();
        await journal.AppendAsync(Append(3, "three"));
        Assert.Equal(["one", "two", "three"], await Texts(reader));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_killed_server_left_is_read_from_its_log_and_nothing_is_created_or_changed(bool withIndex)
    {
        await using (var journal = await OpenWriterAsync())
        {
            await journal.AppendAsync(Append(1, "one"));
            CopyTo("left.db", withIndex);
        }

        var left = _folder.File("left.db");
        var before = Files("left.db");
        Assert.True(new FileInfo(left + "-wal").Length > 0);
        using (var reader = Open(left))
        {
            Assert.Equal(["one"], await Texts(reader));
        }

        Assert.Equal(before, Files("left.db"));
    }

    [Fact]
    public async Task A_copy_on_a_read_only_medium_is_read()
    {
        await WriteAsync(1, "one");
        var medium = Directory.CreateDirectory(_folder.File("a medium?with #100%41")).FullName;
        var copy = System.IO.Path.Combine(medium, "journal.db");
        File.Copy(Path, copy);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(copy, UnixFileMode.UserRead);
            File.SetUnixFileMode(medium, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        try
        {
            using var reader = Open(copy);
            Assert.Equal(["one"], await Texts(reader));
            Assert.Equal([copy], Directory.GetFiles(medium));
        }
        finally
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(medium, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Theory]
    [InlineData("missing.db", null, "there is no such file")]
    [InlineData("text.db", "this is a text of more than a hundred bytes, which no program would take for a database, however hard it tried to.", "not a SQLite file")]
    [InlineData("empty.db", "", "there is no journal in this file")]
    public void What_is_no_journal_is_refused_with_the_reason(string name, string? content, string problem)
    {
        if (content is not null)
        {
            File.WriteAllText(_folder.File(name), content);
        }

        var refused = Assert.Throws<JournalOpenException>(() => Open(_folder.File(name)));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(content is not null, File.Exists(_folder.File(name)));
    }

    [Fact]
    public async Task A_moment_is_found_whatever_stands_before_it()
    {
        var start = DateTimeOffset.UnixEpoch.AddYears(50);
        await using var journal = await OpenWriterAsync();
        for (var i = 0; i < 1_000; i++)
        {
            await journal.AppendAsync(new JournalAppend("ue-a", [new JournalRow(i + 1, [1], [])], start.AddMinutes(i), "writer", null));
        }

        using var reader = Open(Path);
        for (var minute = 0; minute < 1_000; minute += 37)
        {
            var found = await JournalSearch.BeforeAsync(reader, start.AddMinutes(minute), default);

            Assert.Equal(Math.Max(0, minute - JournalSearch.ClockTolerance.TotalMinutes), found);
        }

        Assert.Equal(0, await JournalSearch.BeforeAsync(reader, DateTimeOffset.MinValue, default));
        Assert.Equal(1_000, await JournalSearch.BeforeAsync(reader, DateTimeOffset.MaxValue, default));
    }

    private static SqliteJournalReader Open(string path) => SqliteJournalReader.Open(new SqliteJournalOptions { Path = path });

    private static JournalAppend Append(long first, params string[] texts) =>
        new("ue-a", [.. texts.Select((text, i) => new JournalRow(first + i, Encoding.UTF8.GetBytes(text), ["tag"]))], DateTimeOffset.UnixEpoch, "writer", null);

    private static async Task<List<string>> Texts(SqliteJournalReader reader)
    {
        var texts = new List<string>();
        await foreach (var stored in reader.ReadAllAsync(0, default))
        {
            texts.Add(Encoding.UTF8.GetString(stored.Message));
        }

        return texts;
    }

    private async Task<SqliteJournal> OpenWriterAsync()
    {
        var journal = new SqliteJournal(new SqliteJournalOptions { Path = Path }, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(default);
        return journal;
    }

    private async Task WriteAsync(long first, params string[] texts)
    {
        await using var journal = await OpenWriterAsync();
        await journal.AppendAsync(Append(first, texts));
    }

    // By another process: closing a file here would drop the locks that SQLite has on it in this one.
    private void CopyTo(string name, bool withIndex)
    {
        foreach (var suffix in (string[])["", "-wal", .. withIndex ? ["-shm"] : Array.Empty<string>()])
        {
            using var copy = System.Diagnostics.Process.Start("cp", [Path + suffix, _folder.File(name) + suffix]);
            copy.WaitForExit();
            Assert.Equal(0, copy.ExitCode);
        }
    }

    private List<string> Files(string prefix = "") =>
        [
            .. Directory.GetFiles(System.IO.Path.GetDirectoryName(Path) ?? "", prefix + "*").Order(StringComparer.Ordinal)
                .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))} {File.GetLastWriteTimeUtc(file):O}"),
        ];
}
