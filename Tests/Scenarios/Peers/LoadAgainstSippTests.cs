using System.Net;
using Mcptt.Load.Profiles;
using Mcptt.Load.Running;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;

namespace Mcptt.Scenarios.Peers;

/// <summary>The load generator's counts against those of a program that nobody here wrote.</summary>
public sealed class LoadAgainstSippTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [RequiresToolFact("sipp")]
    public async Task Sipp_and_the_generator_count_the_same_refusals()
    {
        using var folder = new TemporaryFolder();
        var port = FreePorts.Both();
        var scenario = Path.Combine(AppContext.BaseDirectory, "Peers", "sipp", "load-register.xml");
        await using var sipp = ChildProcess.Start(
            "timeout", ["120", "sipp", "-sf", scenario, "-i", "127.0.0.1", "-p", port.ToString(), "-nostdin", "-trace_counts", "-fd", "1"], folder.Path);
        var options = new LoadOptions
        {
            Servers = [new IPEndPoint(IPAddress.Loopback, port)],
            Profile = new LoadProfile
            {
                Users = new UsersProfile { Count = 100, RegistrationsPerSecond = 100 },
                Groups = new GroupsProfile { Count = 10, Members = 8 },
                Calls = new CallsProfile { PerSecond = 0 },
                Phases = new PhasesProfile { RampSeconds = 0, SteadySeconds = 1 },
            },
        };

        var report = await new LoadRun(options, TimeProvider.System).RunAsync(CancellationToken.None).WaitAsync(2 * Patience);

        Assert.Equal((90, 10), (report.Counts["registered"], report.Counts["registrationsFailed"]));
        Assert.Equal(new Dictionary<string, long> { ["register-failed 403"] = 10 }, report.Failures);

        // Answered with 200: one before the clock ran, those that registered, and the same leaving.
        var deadline = DateTimeOffset.UtcNow + Patience;
        while (Counted(folder) != (1 + 90 + 90, 10) && DateTimeOffset.UtcNow < deadline)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal((1 + 90 + 90, 10), Counted(folder));
    }

    private static (int Accepted, int Refused) Counted(TemporaryFolder folder)
    {
        var file = Directory.GetFiles(folder.Path, "*_counts.csv").FirstOrDefault();
        var lines = file is null ? [] : File.ReadAllLines(file);
        if (lines.Length < 2)
        {
            return (0, 0);
        }

        var titles = lines[0].Split(';');
        var values = lines[^1].Split(';');

        return (Value("200_Sent"), Value("403_Sent"));

        int Value(string title)
        {
            var index = Array.FindIndex(titles, one => one.EndsWith(title, StringComparison.Ordinal));
            return index >= 0 && index < values.Length && int.TryParse(values[index], out var value) ? value : 0;
        }
    }
}
