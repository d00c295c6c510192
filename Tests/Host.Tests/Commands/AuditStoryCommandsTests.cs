using System.Text.Json;
using System.Xml.Linq;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Host.Commands;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Tests.Commands;

/// <summary>mcptt audit calls, show and timeline, on a journal with two calls whose ids begin alike.</summary>
public sealed class AuditStoryCommandsTests : IAsyncLifetime
{
    private const string Early = "aa11000000000000000000e1";
    private const string Late = "aa22000000000000000000e2";
    private const string Group = "sip:brigade@example.org";

    // 2026-01-01 14:03:00 UTC.
    private const long StartUs = 1_767_276_180_000_000;
    private const long MinuteUs = 60_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("mcptt-audit-").FullName;

    private string Journal => Path.Combine(_folder, "journal.db");

    public async Task InitializeAsync()
    {
        await using var journal = new SqliteJournal(new SqliteJournalOptions { Path = Journal }, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(default);
        await WriteAsync(journal, Early, StartUs, "alice");
        await WriteAsync(journal, Late, StartUs + (10 * MinuteUs), "bob");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Calls_are_listed_with_time_group_and_who_called_the_latest_first()
    {
        var ran = await RunAsync("calls");

        Assert.True(ran.Code == ExitCodes.Success, ran.Error);
        var lines = ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("aa22000000  2026-01-01 14:13:00  1 min 00 s", lines[1], StringComparison.Ordinal);
        Assert.Contains("sip:alice@example.org", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--user", "sip:alice@example.org", Early)]
    [InlineData("--last", "1", Late)]
    public async Task Calls_can_be_narrowed(string option, string value, string only)
    {
        var ran = await RunAsync("calls", option, value, "--json");

        Assert.True(ran.Code == ExitCodes.Success, ran.Error);
        var call = Assert.Single(JsonDocument.Parse(ran.Out).RootElement.EnumerateArray());
        Assert.Equal((only, Group), (call.GetProperty("call").GetString(), call.GetProperty("groupId").GetString()));
    }

    [Fact]
    public async Task Call_is_named_by_as_much_of_its_id_as_no_other_one_has()
    {
        var ran = await RunAsync("show", "aa1");
        Assert.True(ran.Code == ExitCodes.Success, ran.Error);
        Assert.Contains($"Call {Early} of {Group}, prearranged.", ran.Out, StringComparison.Ordinal);
        Assert.Contains("WHO TOOK PART", ran.Out, StringComparison.Ordinal);

        var ambiguous = await RunAsync("show", "aa");
        Assert.Equal(ExitCodes.Usage, ambiguous.Code);
        Assert.Contains($"\"aa\" is the beginning of several calls ({Early}, {Late}): write more of it", ambiguous.Error, StringComparison.Ordinal);

        var unknown = await RunAsync("show", "bb");
        Assert.Equal(ExitCodes.Failed, unknown.Code);
        Assert.Contains("no call \"bb\" in this journal; \"mcptt audit calls\" lists them", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Story_is_written_as_json_and_as_markdown()
    {
        var json = JsonDocument.Parse((await RunAsync("show", "aa1", "--format", "json")).Out).RootElement;
        Assert.Equal((Early, "hang timer"), (json.GetProperty("call").GetString(), json.GetProperty("endReason").GetString()));
        Assert.Equal("2026-01-01T14:03:00+00:00", json.GetProperty("startedAt").GetString());

        var markdown = (await RunAsync("show", "aa1", "--format", "markdown")).Out;
        Assert.StartsWith("## The call\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| LEG | USER |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moment_is_shown_and_what_is_no_time_is_refused_with_what_to_write()
    {
        var ran = await RunAsync("show", "aa1", "--at", "14:03:30");
        Assert.True(ran.Code == ExitCodes.Success, ran.Error);
        Assert.Contains("was under way for 30.0 s", ran.Out, StringComparison.Ordinal);
        Assert.Equal("under way", JsonDocument.Parse((await RunAsync("show", "aa1", "--at", "14:03:30", "--format", "json")).Out).RootElement.GetProperty("phase").GetString());

        var wrong = await RunAsync("show", "aa1", "--at", "noon");
        Assert.Equal(ExitCodes.Usage, wrong.Code);
        Assert.Contains("--at: \"noon\" is no time", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("call.svg")]
    [InlineData("call.html")]
    public async Task Timeline_is_drawn_as_its_file_says(string name)
    {
        var path = Path.Combine(_folder, name);
        var ran = await RunAsync("timeline", "aa1", "-o", path);

        Assert.True(ran.Code == ExitCodes.Success, ran.Error);
        Assert.Contains(Early, XDocument.Load(path).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeline_that_cannot_be_written_says_why()
    {
        var format = await RunAsync("timeline", "aa1", "-o", Path.Combine(_folder, "call.gif"));
        Assert.Equal(ExitCodes.Usage, format.Code);
        Assert.Contains("neither .svg nor .html", format.Error, StringComparison.Ordinal);

        var folder = await RunAsync("timeline", "aa1", "-o", Path.Combine(_folder, "nowhere", "call.svg"));
        Assert.Equal(ExitCodes.Failed, folder.Code);
        Assert.Contains("cannot be written", folder.Error, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(SqliteJournal journal, string call, long startUs, string caller)
    {
        var contact = new ClientContact { McpttId = $"sip:{caller}@example.org", ClientId = "1", McpttClient = true };
        var initiated = new CallInitiated
        {
            Rules = new CallRules { GroupId = Group, SessionType = SessionType.Prearranged },
            Invite = new IncomingInvite { McpttId = contact.McpttId, ClientId = "1" },
            Originator = new CallMember { Client = contact },
        };
        var address = ActorAddresses.Call(call);
        DomainEvent[] events =
        [
            new() { TimeUs = startUs, Call = new CallEvent { Initiated = initiated } },
            new() { TimeUs = startUs + MinuteUs, Call = new CallEvent { Finished = new CallFinished { Reason = "hang timer", GroupId = Group } } },
        ];
        var rows = events.Select((happened, index) =>
        {
            var envelope = new EventEnvelope { Event = happened, CommandId = $"{call}{index}", OnBehalfOf = contact.McpttId, Count = 1 };
            return new JournalRow(index + 1, envelope.ToByteArray(), EventTags.Of(address, envelope));
        });
        var written = await journal.AppendAsync(new JournalAppend(address.PersistenceId(), [.. rows], DateTimeOffset.UnixEpoch, "writer", null));
        Assert.Equal(AppendOutcome.Written, written.Outcome);
    }

    private Task<Ran> RunAsync(params string[] args) => CommandLine.RunAsync(["audit", .. args, "--journal", Journal]);
}
