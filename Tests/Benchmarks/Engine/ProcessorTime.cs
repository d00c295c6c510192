using System.Diagnostics;

namespace Mcptt.Benchmarks.Engine;

internal static class ProcessorTime
{
    /// <summary>User and system time of processes that live.</summary>
    public static TimeSpan Of(IEnumerable<int> processes)
    {
        var sum = TimeSpan.Zero;
        foreach (var id in processes)
        {
            using var process = Process.GetProcessById(id);
            sum += process.TotalProcessorTime;
        }

        return sum;
    }
}
