using Google.Protobuf;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Laws;

/// <summary>
/// Histories as they were once written, under Tests/Corpus/events: "x.bin" is the events of one actor, each with its length before
/// it, "x.snapshot.bin" the state they led to. They are only ever added: MCPTT_WRITE_CORPUS=1 writes those that are missing.
/// </summary>
public static class GoldenHistory
{
    private static string FolderOf(string kind) => Path.Combine(Corpus.Folder("events"), kind);

    public static IEnumerable<string> Names(string kind) =>
        Directory.Exists(FolderOf(kind))
            ? Directory.GetFiles(FolderOf(kind), "*.bin")
                .Select(path => Path.GetFileName(path)[..^".bin".Length])
                .Where(name => !name.EndsWith(".snapshot", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
            : [];

    public static IReadOnlyList<DomainEvent> Events(string kind, string name)
    {
        using var file = File.OpenRead(Path.Combine(FolderOf(kind), name + ".bin"));
        var events = new List<DomainEvent>();
        while (file.Position < file.Length)
        {
            events.Add(DomainEvent.Parser.ParseDelimitedFrom(file));
        }

        return events;
    }

    public static DomainSnapshot Snapshot(string kind, string name) =>
        DomainSnapshot.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(FolderOf(kind), name + ".snapshot.bin")));

    /// <summary>Writes what is not there yet; never changes what is.</summary>
    public static void WriteMissing<TState>(string kind, string name, ActorRun<TState> run)
    {
        var path = Path.Combine(FolderOf(kind), name + ".bin");
        if (Environment.GetEnvironmentVariable("MCPTT_WRITE_CORPUS") != "1" || File.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(FolderOf(kind));
        using var file = File.Create(path);
        foreach (var happened in run.Events)
        {
            happened.WriteDelimitedTo(file);
        }

        File.WriteAllBytes(Path.Combine(FolderOf(kind), name + ".snapshot.bin"), run.Kind.Save(run.State).ToByteArray());
    }

    /// <summary>Today's code reads the history, nothing in it is unknown, it leads to the state of then, and it reads the snapshot.</summary>
    public static void AssertLoads<TState>(ActorKind<TState> kind, string id, string folder, string name)
    {
        var events = Events(folder, name);
        var snapshot = Snapshot(folder, name);
        Assert.NotEmpty(events);
        Assert.Equal(snapshot, kind.Save(ActorLaws.Replay(kind, id, events)));
        Assert.Equal(snapshot, kind.Save(kind.Load(id, snapshot)));
        // JSON drops fields that today's schema does not know.
        Assert.All(events, happened => Assert.Equal(happened, JsonParser.Default.Parse<DomainEvent>(JsonFormatter.Default.Format(happened))));
    }
}
