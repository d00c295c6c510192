using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Script;

namespace Mcptt.Ue.Tests.Script;

/// <summary>ops/docs/test-client.md says what the program does.</summary>
public sealed class DocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Root(), "ops", "docs", "test-client.md"));

    [Fact]
    public void The_document_has_the_script_reference_word_for_word() => Assert.Contains($"```\n{ScriptParser.Reference}\n```", Document);

    [Fact]
    public void The_document_names_every_event()
    {
        var notices = typeof(FloorNotice).GetNestedTypes().Select(type => ((FloorNotice)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type)).Word);
        var purposes = typeof(RequestPurpose).GetProperties(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public)
            .Select(property => (RequestPurpose)property.GetValue(null)!)
            .Where(purpose => purpose != RequestPurpose.Call)
            .SelectMany(purpose => new[] { purpose.Done, purpose.Failed });
        var time = DateTimeOffset.UnixEpoch;
        UeEvent[] others =
        [
            new AffiliationStatusChanged(time, "", "", ""), new CallOffered(time, null, null), new CallProgressed(time, 180), new CallEstablished(time, "", true, null, null),
            new CallEnded(time, ""), new FloorMessagePassed(time, true, ""), new FloorMessagePassed(time, false, ""), new SpurtStarted(time, 1), new SpurtEnded(time, 1, 1, 0),
            new Played(time, 1), new MediaAgreed(time, "", null),
        ];
        Assert.All([.. notices, .. purposes, .. others.Select(other => other.Word), RequestPurpose.Call.Failed], word => Assert.Matches($@"[ |]{word}[, |]", Document));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mcptt.Akka.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests run outside the repository");
    }
}
