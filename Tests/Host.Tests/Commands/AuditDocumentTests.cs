using System.Text.RegularExpressions;
using Mcptt.Actors.Journals;
using Mcptt.Api.Models;
using Mcptt.Domain;
using Mcptt.Domain.Audit;
using Mcptt.Host.Commands;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Tests.Commands;

/// <summary>What ops/docs/audit.md shows works, with the names that it uses.</summary>
public sealed class AuditDocumentTests
{
    private const string Call = "3f2a9c0d1e2b3a4c5d6e7f80";
    private const string Alice = "sip:alice@example.org";
    private const string Group = "sip:brigade@example.org";

    /// <summary>The commands that this page's tests run; those of other parts have their own.</summary>
    public static TheoryData<string> Commands =>
        [.. Regex.Matches(Page(), "^mcptt (audit (log|replay|diff) .*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value.Trim())];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_of_the_page_runs(string line)
    {
        var folder = ServingServer.NewFolder();
        try
        {
            var path = Path.Combine(folder, "journal.db");
            await WriteAsync(path);

            var ran = await CommandLine.RunAsync([.. line.Split(' '), "--journal", path]);

            Assert.Equal((ExitCodes.Success, ""), (ran.Code, ran.Error));
            Assert.NotEmpty(ran.Out);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_page_names_every_field_of_an_entry_and_each_kind_that_it_names_exists()
    {
        var named = Regex.Matches(Page(), @"^\| (`\w+`(?:, `\w+`)*) \|", RegexOptions.Multiline).SelectMany(match => Regex.Matches(match.Groups[1].Value, @"\w+")).Select(match => match.Value);
        var fields = typeof(AuditEntryModel).GetProperties().Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);
        Assert.Equal(fields.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));

        var kinds = Regex.Matches(Page(), @"--kind ([\w,-]+)").SelectMany(match => match.Groups[1].Value.Split(','));
        Assert.All(kinds, kind => Assert.Contains(EventKinds.All, known => known.StartsWith(kind, StringComparison.Ordinal)));
    }

    private static async Task WriteAsync(string path)
    {
        await using var journal = new SqliteJournal(new SqliteJournalOptions { Path = path }, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(default);
        await AppendAsync(journal, ActorAddresses.Ue(Alice), new DomainEvent { Ue = new UeEvent { UserProvisioned = new UserProvisioned { Profile = new UserProfile { McpttId = Alice } } } });
        await AppendAsync(journal, ActorAddresses.Group(Group), new DomainEvent { Group = new GroupEvent { DocumentPut = new GroupDocumentPut { Document = new GroupDocument { GroupId = Group } } } });
        await AppendAsync(journal, ActorAddresses.Call(Call), new DomainEvent { Call = new CallEvent { CancelRemembered = new CancelRemembered { SipCallId = "c1", Cseq = 1 } } });
        await AppendAsync(
            journal,
            ActorAddresses.Floor(Call),
            Floor(new FloorEvent { Opened = new FloorOpened { Rules = new FloorRules { GroupId = Group }, MediaNode = "media-1" } }),
            Floor(new FloorEvent { ParticipantAdded = new FloorParticipantAdded { Participant = new FloorParticipant { Leg = 1, McpttId = Alice, FloorChannel = true } } }),
            Floor(new FloorEvent { Denied = new FloorDenied { Leg = 1, Cause = 3 } }),
            Floor(new FloorEvent { Closed = new FloorClosed() }));
    }

    private static DomainEvent Floor(FloorEvent happened) => new() { Floor = happened };

    private static async Task AppendAsync(SqliteJournal journal, ActorAddress actor, params DomainEvent[] events)
    {
        var now = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var rows = events.Select((happened, i) =>
        {
            happened.TimeUs = ((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) + i;
            var envelope = new EventEnvelope { Event = happened };
            return new JournalRow(i + 1, Google.Protobuf.MessageExtensions.ToByteArray(envelope), EventTags.Of(actor, envelope));
        });
        await journal.AppendAsync(new JournalAppend(actor.PersistenceId(), [.. rows], now, "writer", null));
    }

    // Not by the source's own path: a deterministic build does not know it.
    private static string Page() => File.ReadAllText(Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Corpus.Folder("")[..^1]))!, "ops", "docs", "audit.md"));
}
