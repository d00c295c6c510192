namespace Mcptt.Architecture.Tests;

public sealed class PurityTests
{
    [Fact]
    public void Domain_reads_no_clock_and_does_no_io() => Assert.Empty(PurityRules.Violations(typeof(Domain.Decision).Assembly.Location));

    [Fact]
    public void Protocol_reads_no_clock_and_does_no_io() => Assert.Empty(PurityRules.Violations(typeof(Protocol.Messages.Command).Assembly.Location));

    [Fact]
    public void Impure_code_would_be_found()
    {
        var found = PurityRules.Violations(typeof(ImpureSample).Assembly.Location);

        Assert.Contains("System.DateTime.get_UtcNow", found);
        Assert.Contains("System.Random", found);
        Assert.Contains("System.IO.File", found);
        Assert.Contains("System.Net.Sockets.Socket", found);
        Assert.Contains("System.Guid.NewGuid", found);
        Assert.Contains("System.Environment.get_MachineName", found);
    }

    /// <summary>The deliberate violation that the rules are seen to find.</summary>
    private static class ImpureSample
    {
        public static string Everything(System.Net.Sockets.Socket? socket) =>
            $"{DateTime.UtcNow} {new Random(1).Next()} {File.Exists("x")} {Guid.NewGuid()} {socket?.Connected} {Environment.MachineName}";
    }

    [Fact]
    public void The_sample_is_code_that_runs() => Assert.NotEmpty(ImpureSample.Everything(null));
}
