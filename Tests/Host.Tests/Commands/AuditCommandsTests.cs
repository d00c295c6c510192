using System.Text.Json;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Host.Commands;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Tests.Commands;

public sealed class AuditCommandsTests : IAsyncLifetime
{
    private const string Alice = "sip:alice@example.org";
    private const string Group = "sip:brigade@example.org";
    private const long StartUs = 1_700_000_000_000_000;

    private readonly string _folder = ServingServer.NewFolder();

    private string Journal => Path.Combine(_folder, "journal.db");

    public async Task InitializeAsync()
    {
        await using var journal = new SqliteJournal(new SqliteJournalOptions { Path = Journal }, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(default);
        await WriteAsync(journal, ActorAddresses.Ue(Alice), 0, User("Alice"), User("=cmd|'/c calc'!A1"));
        await WriteAsync(journal, ActorAddresses.Group(Group), 60, Document("Brigade, \"first\"", depth: 0), Document("Brigade", depth: 4));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Log_prints_one_line_per_event_in_their_order()
    {
        var ran = await RunAsync("log");

        var lines = ran.Out.TrimEnd().Split(Environment.NewLine);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("TIME", lines[0], StringComparison.Ordinal);
        Assert.Matches("^2023-11-14 22:13:20.000Z  user-provisioned .* sip:alice@example.org was provisioned as \"Alice\"\\.$", lines[1]);
        Assert.Matches("^2023-11-14 22:14:20.000Z  group-provisioned ", lines[3]);
    }

    [Fact]
    public async Task Log_as_ndjson_has_the_documented_fields()
    {
        var ran = await RunAsync("log", "--format", "ndjson", "--user", Alice, "--limit", "1");

        var entry = JsonDocument.Parse(ran.Out).RootElement;
        Assert.Equal(
            ["ordering", "time", "stored", "actor", "sequenceNumber", "kind", "user", "sentence", "onBehalfOf", "correlationId", "commandId"],
            entry.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("ue-" + Alice, "user-provisioned", "operator"), (entry.GetProperty("actor").GetString(), entry.GetProperty("kind").GetString(), entry.GetProperty("onBehalfOf").GetString()));
    }

    [Fact]
    public async Task Log_as_csv_is_quoted_and_no_cell_begins_a_formula()
    {
        var ran = await RunAsync("log", "--format", "csv");

        var lines = ran.Out.Split("\r\n");
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("ordering,time,stored,actor,sequenceNumber,kind,user,group,call,leg,sentence,", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"The group was provisioned as \"\"Brigade, \"\"first\"\"\"\" with 0 members.\"", lines[3], StringComparison.Ordinal);
        Assert.Contains(",'=a command,", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--kind group", 2)]
    [InlineData("--kind group-prov,user", 4)]
    [InlineData("--kind user --kind call", 2)]
    [InlineData("--from 2023-11-14T22:14:00Z", 2)]
    [InlineData("--to 2023-11-14T22:14:00Z", 2)]
    [InlineData("--group sip:brigade@example.org", 2)]
    [InlineData("--actor ue-sip:alice@example.org", 2)]
    [InlineData("--call 3f2a9c0d1e2b3a4c5d6e7f80", 0)]
    [InlineData("--limit 3", 3)]
    public async Task Log_shows_what_the_filters_let_through(string filters, int expected)
    {
        var ran = await RunAsync(["log", "--format", "ndjson", .. filters.Split(' ')]);

        Assert.Equal(("", expected), (ran.Error, ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Theory]
    [InlineData("log --kind flor", "no kind of event begins with \"flor\"; there are: affiliation-")]
    [InlineData("log --from yesterday", "--from \"yesterday\" is no time; write a time such as")]
    [InlineData("log --from 14:00 --to 13:00", "is not before --to")]
    [InlineData("log --user alice", "\"alice\" is no identity")]
    [InlineData("log --limit 0", "--limit 0 is not possible")]
    [InlineData("replay sip:alice@example.org --at now --sequence 1", "name two moments")]
    public async Task What_cannot_be_asked_is_a_usage_error_that_says_what_to_write(string line, string problem)
    {
        var ran = await RunAsync(line.Split(' '));

        Assert.Equal((ExitCodes.Usage, ""), (ran.Code, ran.Out));
        Assert.Contains(problem, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_shows_a_group_as_it_was_at_a_moment_and_at_its_end()
    {
        var then = await RunAsync("replay", Group, "--sequence", "1");
        var now = await RunAsync("replay", Group);

        Assert.StartsWith($"group-{Group}, after event 1 of 2, 2023-11-14 22:14:20.000Z, group-provisioned: ", then.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("queue_depth", then.Out, StringComparison.Ordinal);
        Assert.Matches(@"queue_depth +4", now.Out);
    }

    [Fact]
    public async Task Replay_as_json_has_the_state_without_secrets()
    {
        var ran = await RunAsync("replay", Alice, "--format", "json");

        var replayed = JsonDocument.Parse(ran.Out).RootElement[0];
        var profile = replayed.GetProperty("state").GetProperty("ue").GetProperty("profile");
        Assert.Equal(2, replayed.GetProperty("sequenceNumber").GetInt64());
        Assert.Equal("(hidden)", profile.GetProperty("ha1").GetProperty("MD5").GetString());
        Assert.DoesNotContain("secret-hash", ran.Out + (await RunAsync("replay", Alice)).Out + (await RunAsync("replay", Alice, "--step")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_tell_what_each_event_changed()
    {
        var ran = await RunAsync("replay", Group, "--step");

        Assert.Contains("#1  2023-11-14 22:14:20.000Z  group-provisioned: ", ran.Out, StringComparison.Ordinal);
        Assert.Contains("  + document.queue_depth: 4", ran.Out, StringComparison.Ordinal);
        Assert.Contains("  ~ document.display_name: Brigade, \"first\" -> Brigade", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_steps_go_to_and_fro()
    {
        var ran = await CommandLine.RunAsync(["audit", "replay", Group, "--step", "--journal", Journal], "\np\n2\nwhat\ns\nq\n", terminal: true);

        Assert.Equal(["#1 ", "#2 ", "#1 ", "#2 "], ran.Out.Split('#').Skip(1).Select(text => $"#{text[..2]}"));
        Assert.Contains("\"what\" is none of these.", ran.Out, StringComparison.Ordinal);
        Assert.Matches(@"queue_depth +4", ran.Out);
    }

    [Fact]
    public async Task Diff_tells_what_differs_between_two_moments_and_nothing_for_the_same_one()
    {
        var changed = await RunAsync("diff", Alice, "--from", "2023-11-14T22:13:19Z");
        var same = await RunAsync("diff", Alice, "--from", "2023-11-14T22:15:00Z");

        Assert.Contains($"  + profile.mcptt_id: {Alice}", changed.Out, StringComparison.Ordinal);
        Assert.Equal($"ue-{Alice}, from event 2 to event 2: nothing is different.", same.Out.TrimEnd());
        var json = JsonDocument.Parse((await RunAsync("diff", Alice, "--from", "2023-11-14T22:15:00Z", "--format", "json")).Out).RootElement[0];
        Assert.Equal((2, 0), (json.GetProperty("toSequenceNumber").GetInt32(), json.GetProperty("changes").GetArrayLength()));
    }

    [Fact]
    public async Task Whoever_has_no_history_is_said_to_have_none()
    {
        var ran = await RunAsync("replay", "sip:nobody@example.org");

        Assert.Equal(ExitCodes.Failed, ran.Code);
        Assert.Contains("\"sip:nobody@example.org\" has no history in this journal", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_is_not_there_cannot_be_opened()
    {
        var ran = await CommandLine.RunAsync(["audit", "log", "--journal", Path.Combine(_folder, "other.db")]);

        Assert.Equal(ExitCodes.CannotStart, ran.Code);
        Assert.Contains("there is no such file", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_journal_of_the_configuration_is_read_when_none_is_named()
    {
        var environment = new Dictionary<string, string> { ["MCPTT_DATA_FOLDER"] = _folder };

        var ran = await CommandLine.RunAsync(["audit", "log", "--limit", "1"], environment: environment);

        Assert.Equal((ExitCodes.Success, ""), (ran.Code, ran.Error));
        Assert.Contains("user-provisioned", ran.Out, StringComparison.Ordinal);
    }

    private static DomainEvent User(string name)
    {
        var profile = new UserProfile { McpttId = Alice, DisplayName = name };
        profile.Ha1["MD5"] = "secret-hash";
        return new DomainEvent { Ue = new UeEvent { UserProvisioned = new UserProvisioned { Profile = profile } } };
    }

    private static DomainEvent Document(string name, uint depth) =>
        new() { Group = new GroupEvent { DocumentPut = new GroupDocumentPut { Document = new GroupDocument { GroupId = Group, DisplayName = name, QueueDepth = depth } } } };

    private static async Task WriteAsync(SqliteJournal journal, ActorAddress actor, int afterSeconds, params DomainEvent[] events)
    {
        var rows = events.Select((happened, i) =>
        {
            happened.TimeUs = StartUs + (afterSeconds * 1_000_000L);
            var envelope = new EventEnvelope { Event = happened, OnBehalfOf = "operator", CommandId = $"c{i}", CorrelationId = i == 0 ? "x" : "=a command", Count = 1 };
            return new JournalRow(i + 1, Google.Protobuf.MessageExtensions.ToByteArray(envelope), EventTags.Of(actor, envelope));
        });
        var append = new JournalAppend(actor.PersistenceId(), [.. rows], DateTimeOffset.UnixEpoch.AddTicks((StartUs * TimeSpan.TicksPerMicrosecond) + (afterSeconds * TimeSpan.TicksPerSecond)), "writer", null);
        Assert.Equal(AppendOutcome.Written, (await journal.AppendAsync(append)).Outcome);
    }

    private Task<Ran> RunAsync(params string[] args) => CommandLine.RunAsync(["audit", .. args, "--journal", Journal]);
}
