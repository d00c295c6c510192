using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Host.Commands;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Tests.Commands;

/// <summary>mcptt audit archive and archives, on a journal with calls as they once were (Tests/Corpus/events), one of them under way.</summary>
public sealed class AuditArchiveCommandTests : IAsyncLifetime
{
    private const string First = "aa11000000000000000000e1";
    private const string Second = "aa22000000000000000000e2";
    private const string UnderWay = "aa33000000000000000000e3";

    private readonly string _folder = ServingServer.NewFolder();

    private string Journal => Path.Combine(_folder, "journal.db");

    private string Archives => Path.Combine(_folder, "archives");

    public async Task InitializeAsync()
    {
        await using var journal = new SqliteJournal(new SqliteJournalOptions { Path = Journal }, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(default);
        await WriteAsync(journal, ActorAddresses.Group("sip:brigade@example.org"), "group/calling");
        foreach (var call in (string[])[First, Second])
        {
            await WriteAsync(journal, ActorAddresses.Call(call), "call/ended");
            await WriteAsync(journal, ActorAddresses.Floor(call), "floor/closed");
        }

        await WriteAsync(journal, ActorAddresses.Call(UnderWay), "call/active");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_audit_command_says_the_same_before_and_after()
    {
        string[][] commands =
        [
            ["calls"],
            ["show", First],
            ["show", Second, "--at", "2026-01-01T00:00:03Z"],
            ["timeline", First, "-o", "-"],
            ["log", "--call", First],
            ["log", "--call", Second, "--format", "ndjson"],
            ["log", "--kind", "call,floor,group", "--format", "csv"],
            ["replay", First],
            ["replay", $"floor-{First}"],
            ["replay", UnderWay],
            ["diff", First, "--from", "1", "--to", "3"],
        ];
        var before = new List<Ran>();
        foreach (var command in commands)
        {
            before.Add(await RunAsync(command));
        }

        var ran = await RunAsync("archive", "--older-than", "0s", "--unsealed");

        Assert.True(ran.Code == ExitCodes.Success, ran.Error);
        Assert.StartsWith("2 calls with ", ran.Out, StringComparison.Ordinal);
        Assert.Contains("1 call old enough stay: not ended.", ran.Out, StringComparison.Ordinal);
        for (var i = 0; i < commands.Length; i++)
        {
            Assert.Equal(before[i], await RunAsync(commands[i]));
        }

        var verified = await RunAsync("verify");
        Assert.True(verified.Code == ExitCodes.Success, verified.Out + verified.Error);
        Assert.Contains(before, one => one.Code == ExitCodes.Success && one.Out.Contains(First[..8], StringComparison.Ordinal));
        Assert.Contains("2 calls with ", (await RunAsync("log", "--kind", "archive")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_so_and_changes_nothing_and_without_seals_nothing_goes()
    {
        var bytes = await File.ReadAllBytesAsync(Journal);

        var look = await RunAsync("archive", "--older-than", "0s", "--unsealed", "--dry-run");
        var unsealed = await RunAsync("archive", "--older-than", "0s", "--dry-run");

        Assert.StartsWith("2 calls with ", look.Out, StringComparison.Ordinal);
        Assert.Contains("would be moved into " + Archives, look.Out, StringComparison.Ordinal);
        Assert.Contains("No call would be moved.", unsealed.Out, StringComparison.Ordinal);
        Assert.Contains("would stay: not sealed", unsealed.Out, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Journal));
        Assert.False(Directory.Exists(Archives));
    }

    [Fact]
    public async Task How_old_must_be_said()
    {
        var nothing = await RunAsync("archive");
        var wrong = await RunAsync("archive", "--older-than", "soon");

        Assert.Equal((ExitCodes.Usage, ExitCodes.Usage), (nothing.Code, wrong.Code));
        Assert.Contains("retention.archiveAfterDays", nothing.Error, StringComparison.Ordinal);
        Assert.Contains("\"soon\" is no time", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archives_are_listed_and_one_that_is_damaged_or_missing_is_told()
    {
        Assert.StartsWith("There are no archives in", (await RunAsync("archives")).Out, StringComparison.Ordinal);
        await RunAsync("archive", "--older-than", "0s", "--unsealed");
        var path = Assert.Single(Directory.GetFiles(Archives, "*.mca"));

        var listed = await RunAsync("archives", "--json");
        var archive = Assert.Single(JsonDocument.Parse(listed.Out).RootElement.EnumerateArray());
        Assert.Equal((ExitCodes.Success, "verified", 2), (listed.Code, archive.GetProperty("state").GetString(), archive.GetProperty("calls").GetInt32()));
        Assert.Equal(Path.GetFileName(path), archive.GetProperty("name").GetString());
        Assert.Contains("not read through", (await RunAsync("archives", "--quick")).Out, StringComparison.Ordinal);

        var bytes = await File.ReadAllBytesAsync(path);
        bytes[400] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        var damaged = await RunAsync("archives");
        Assert.Equal(ExitCodes.Failed, damaged.Code);
        Assert.Contains("DAMAGED: ", damaged.Out, StringComparison.Ordinal);
        Assert.Contains("block 1 of 1 at byte", damaged.Out, StringComparison.Ordinal);
        var refused = await RunAsync("show", First);
        Assert.Equal(ExitCodes.Failed, refused.Code);
        Assert.Contains(Path.GetFileName(path), refused.Error, StringComparison.Ordinal);

        File.Delete(path);
        var missing = await RunAsync("archives");
        Assert.Equal(ExitCodes.Failed, missing.Code);
        Assert.Contains("MISSING", missing.Out, StringComparison.Ordinal);
        Assert.Contains($"2 calls were moved into {Path.GetFileName(path)}", (await RunAsync("log")).Error, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(params string[] args) => CommandLine.RunAsync(["audit", .. args, "--journal", Journal]);

    private static async Task WriteAsync(SqliteJournal journal, ActorAddress actor, string history)
    {
        await using var file = File.OpenRead(Path.Combine(Corpus.Folder("events"), history + ".bin"));
        byte[] sha256 = [];
        for (var number = 1; file.Position < file.Length; number++)
        {
            var happened = DomainEvent.Parser.ParseDelimitedFrom(file);
            var envelope = new EventEnvelope { Event = happened, CommandId = $"{number}", CorrelationId = "c", PreviousSha256 = ByteString.CopyFrom(sha256), Count = 1 };
            var message = envelope.ToByteArray();
            sha256 = SHA256.HashData(message);
            var stored = DateTimeOffset.UnixEpoch.AddTicks(happened.TimeUs * TimeSpan.TicksPerMicrosecond);
            var append = new JournalAppend(actor.PersistenceId(), [new JournalRow(number, message, EventTags.Of(actor, envelope))], stored, "writer", null);
            Assert.Equal(AppendOutcome.Written, (await journal.AppendAsync(append)).Outcome);
        }
    }
}
