using System.Text.Json;
using Mcptt.Host.Commands;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;

namespace Mcptt.Scenarios.Audit;

/// <summary>
/// The documents under ops/docs/example-call are what the commands print of a call that is played here each time. MCPTT_WRITE_DOCS=1 writes them anew;
/// otherwise they are compared, without clock times.
/// </summary>
public sealed class ExampleCallTests
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Corpus.Folder("."), "..", "..", "ops", "docs", "example-call"));

    private static readonly bool Writes;

    static ExampleCallTests() => Writes = TakeSwitch();

    [Fact]
    public async Task The_documents_say_what_the_commands_say_of_a_call_with_everything_in_it()
    {
        await using var example = await ExampleCall.PlayAsync();
        var calls = await AuditAsync(example, "calls");
        var id = calls.Split('\n')[1].Split(' ')[0];
        var story = await StoryAsync(example, id);
        AssertHasEverything(story);

        var refused = Refused(story).GetProperty("at").GetDateTimeOffset();
        Keep("calls.txt", calls);
        Keep("show.txt", await AuditAsync(example, "show", id));
        Keep("show.md", await AuditAsync(example, "show", id, "--format", "markdown"));
        Keep("at.txt", await AuditAsync(example, "show", id, "--at", $"{refused:HH:mm:ss.fff}"));
        await KeepPictureAsync(example, id, "timeline.svg");
        await KeepPictureAsync(example, id, "timeline.html");
        var wav = Path.Combine(example.Data, "call.wav");
        var listed = await AuditAsync(example, "audio", id, "-o", wav);
        Keep("audio.txt", listed.Replace(example.Data, "", StringComparison.Ordinal) + "\n" + HeardCall.Facts(wav, story.GetProperty("recordings")));
    }

    // A recording is told a moment after its burst.
    private static async Task<JsonElement> StoryAsync(ExampleCall example, string id)
    {
        JsonElement story = default;
        await Hearing.UntilAsync(async () =>
        {
            story = JsonDocument.Parse(await AuditAsync(example, "show", id, "--format", "json")).RootElement;
            return story.GetProperty("recordings").GetArrayLength() == story.GetProperty("bursts").GetArrayLength();
        });
        return story;
    }

    private static void AssertHasEverything(JsonElement story)
    {
        Assert.Equal(12, story.GetProperty("legs").EnumerateArray().Count(leg => leg.TryGetProperty("joinedAt", out _)));
        Assert.Equal(["sip:alice@example.org", "sip:carol@example.org", "sip:dave@example.org"], story.GetProperty("bursts").EnumerateArray().Select(User));
        Assert.Equal("sip:lena@example.org", User(Assert.Single(story.GetProperty("legs").EnumerateArray(), leg => leg.GetProperty("entry").GetString() == "lateEntry")));
        Assert.Equal("sip:mallory@example.org", User(Refused(story)));
        var revoked = Assert.Single(story.GetProperty("revokes").EnumerateArray());
        Assert.Equal(("sip:carol@example.org", "sip:dave@example.org", 4), (User(revoked), revoked.GetProperty("by").GetString(), revoked.GetProperty("cause").GetInt32()));
        var waits = story.GetProperty("waits").EnumerateArray().ToList();
        Assert.Equal(["sip:carol@example.org", "sip:erin@example.org", "sip:dave@example.org"], waits.Select(User));
        Assert.Equal([2, 1], waits[1].GetProperty("places").EnumerateArray().Select(place => place.GetProperty("place").GetInt32()));
        Assert.Equal(3, story.GetProperty("recordings").GetArrayLength());
        Assert.All(story.GetProperty("recordings").EnumerateArray(), recording => Assert.Equal(64, recording.GetProperty("sha256").GetString()!.Length));
    }

    // The server refuses to start with a variable of its prefix that is no setting.
    private static bool TakeSwitch()
    {
        const string name = "MCPTT_WRITE_DOCS";
        var isSet = Environment.GetEnvironmentVariable(name) == "1";
        Environment.SetEnvironmentVariable(name, null);
        return isSet;
    }

    private static JsonElement Refused(JsonElement story) =>
        Assert.Single(story.GetProperty("refusals").EnumerateArray(), refusal => refusal.GetProperty("asked").GetString() == "join");

    private static string? User(JsonElement part) => part.GetProperty("mcpttId").GetString();

    private static void Keep(string name, string document)
    {
        var path = Path.Combine(Folder, name);
        if (Writes)
        {
            File.WriteAllText(path, document);
        }

        Assert.Equal(Normalised.Text(File.ReadAllText(path)), Normalised.Text(document));
    }

    private static async Task KeepPictureAsync(ExampleCall example, string id, string name)
    {
        var drawn = Path.Combine(example.Data, name);
        await AuditAsync(example, "timeline", id, "-o", drawn);
        var path = Path.Combine(Folder, name);
        if (Writes)
        {
            File.Copy(drawn, path, overwrite: true);
        }

        Assert.Equal(Normalised.Picture(File.ReadAllText(path)), Normalised.Picture(File.ReadAllText(drawn)));
    }

    private static async Task<string> AuditAsync(ExampleCall example, params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var context = new CommandContext { Out = output, Error = error, In = TextReader.Null, Environment = new Dictionary<string, string>() };
        var code = await McpttCommandLine.RunAsync(["audit", .. args, "--journal", example.Journal], context);
        Assert.True(code == ExitCodes.Success, $"mcptt audit {string.Join(' ', args)}: {code}\n{error}");
        return output.ToString();
    }
}
