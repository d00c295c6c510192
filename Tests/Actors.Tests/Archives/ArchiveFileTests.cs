using Google.Protobuf;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Xunit.Abstractions;

namespace Mcptt.Actors.Tests.Archives;

public sealed class ArchiveFileTests(ITestOutputHelper output) : ArchiveConformance
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => SqliteAsync(folder);

    [Fact]
    public async Task Every_column_and_tag_of_every_row_comes_back()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(3);
        var orderings = (await Reading.RowsAsync(scene.Journal)).Where(row => row.PersistenceId.StartsWith("call-")).Select(row => row.Ordering).ToList();
        var records = await scene.Pruner.ReadRecordsAsync(orderings, default).ToListAsync();

        await scene.ArchiveAsync();

        var file = ArchiveFile.Open(scene.Files, Assert.Single(scene.Files.List(ArchiveFormat.Extension)));
        var archived = file.ReadRecords(file.ReadIndex().Blocks).ToList();
        Assert.Equal(file.Header.Rows, (ulong)archived.Count);
        foreach (var record in records.Where(record => archived.Any(row => row.Event.Ordering == record.Event.Ordering)))
        {
            var back = archived.Single(row => row.Event.Ordering == record.Event.Ordering);
            Assert.Equal(Reading.Text(record.Event), Reading.Text(back.Event));
            Assert.Equal(JournalFormat.SerializerId, back.Identifier);
            Assert.NotEmpty(back.Tags);
            Assert.Equal(record.Tags, back.Tags);
        }
    }

    [Fact]
    public async Task A_change_of_any_byte_is_found_and_one_in_a_block_is_located()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(12);
        var name = (await scene.ArchiveAsync()).Files[0];
        var file = ArchiveFile.Open(scene.Files, name);
        var block = file.ReadIndex().Blocks[0];
        var path = Path.Combine(scene.Folder, name);
        var bytes = File.ReadAllBytes(path);
        Assert.True(ArchiveVerifier.Verify(scene.Files, name, default).IsGood);

        for (var i = 0; i < bytes.Length; i += i < 400 || i > bytes.Length - 150 ? 1 : 17)
        {
            var bit = (byte)(1 << (i % 8));
            bytes[i] ^= bit;
            File.WriteAllBytes(path, bytes);
            bytes[i] ^= bit;

            var found = ArchiveVerifier.Verify(scene.Files, name, default);
            Assert.False(found.IsGood, $"byte {i}");
            if (i >= block.Offset && i < file.KeysAt)
            {
                Assert.Contains(found.Problems, problem => problem.Contains($"block 1 of 1 at byte {block.Offset} (orderings {block.FirstOrdering} to {block.LastOrdering})"));
            }
        }

        output.WriteLine($"{bytes.Length} bytes");
    }

    [Fact]
    public async Task A_file_that_is_torn_anywhere_is_found_and_readers_refuse_it()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(12);
        var name = (await scene.ArchiveAsync()).Files[0];
        var path = Path.Combine(scene.Folder, name);
        var bytes = File.ReadAllBytes(path);

        for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 300))
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.False(ArchiveVerifier.Verify(scene.Files, name, default).IsGood, $"{length} bytes");
            await Assert.ThrowsAsync<JournalReadException>(() => Reading.AllAsync(scene.Composite));
        }
    }

    /// <summary>Files of every version that was ever written, under Tests/Corpus/archives. They are only ever added: MCPTT_WRITE_CORPUS=1 writes today's if it is missing.</summary>
    [Theory]
    [InlineData(1)]
    public async Task A_file_of_this_version_is_still_read(uint version)
    {
        var folder = Corpus.Folder("archives");
        var path = Path.Combine(folder, $"{version}{ArchiveFormat.Extension}");
        if (Environment.GetEnvironmentVariable("MCPTT_WRITE_CORPUS") == "1" && version == ArchiveFormat.Version && !File.Exists(path))
        {
            await WriteCorpusAsync(folder, path, version);
        }

        Assert.Empty(ArchiveVerifier.Verify(new ArchiveFolder(folder), Path.GetFileName(path), default).Problems);
        await using var scene = await SceneAsync();
        Directory.CreateDirectory(scene.Folder);
        File.Copy(path, Path.Combine(scene.Folder, Path.GetFileName(path)));
        Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(folder, $"{version}.rows.txt")), await Reading.AllAsync(scene.Composite));
        var archived = DomainEvent.Parser.ParseFrom(await File.ReadAllBytesAsync(Path.Combine(folder, $"{version}.event.bin")));
        Assert.Equal(archived, JsonParser.Default.Parse<DomainEvent>(JsonFormatter.Default.Format(archived)));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(path)), archived.Archive.CallsArchived.Sha256.ToByteArray());
    }

    private async Task WriteCorpusAsync(string folder, string path, uint version)
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(4);
        var name = (await scene.ArchiveAsync()).Files[0];
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(scene.Folder, name), path);
        var rows = ArchiveFile.Open(scene.Files, name);
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{version}.rows.txt"), rows.ReadRecords(rows.ReadIndex().Blocks).Select(record => Reading.Text(record.Event)));
        Assert.True((await scene.Journal.ReadActorAsync(ArchiveChain.PersistenceId, 1, default).FirstAsync()).TryReadEnvelope(out var envelope));
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{version}.event.bin"), envelope.Event.ToByteArray());
    }

    [Fact]
    public async Task A_file_of_a_newer_version_and_one_that_is_no_archive_are_refused_and_say_so()
    {
        await using var scene = await SceneAsync();
        Directory.CreateDirectory(scene.Folder);
        using (var output = scene.Files.Create("newer.mca"))
        {
            using var writer = new ArchiveWriter(output, new() { Version = ArchiveFormat.Version + 1 });
            writer.Finish();
        }

        Assert.Contains("use the newer program", Assert.Throws<ArchiveException>(() => ArchiveFile.Open(scene.Files, "newer.mca")).Message);

        File.WriteAllText(Path.Combine(scene.Folder, "letter.mca"), new string('x', 500));
        Assert.Contains("no archive", Assert.Throws<ArchiveException>(() => ArchiveFile.Open(scene.Files, "letter.mca")).Message);
    }
}
