using System.ComponentModel;
using System.Diagnostics;

namespace Mcptt.Load.Reporting;

/// <summary>Processor seconds of this process and of the servers' processes since the last look. A process that is gone counts as 0 from then on.</summary>
internal sealed class ProcessorMeter
{
    private readonly List<(string Name, Func<TimeSpan?> Read)> _processes;
    private readonly Dictionary<string, TimeSpan> _before = [];

    public ProcessorMeter(IReadOnlyList<int> serverProcesses) =>
        _processes = [(LoadSample.Generator, () => Environment.CpuUsage.TotalTime), .. serverProcesses.Select(id => ($"process {id}", (Func<TimeSpan?>)(() => TimeOf(id))))];

    public Dictionary<string, double> Take()
    {
        var news = new Dictionary<string, double>();
        foreach (var (name, read) in _processes)
        {
            if (read() is { } now)
            {
                news[name] = Math.Round((now - _before.GetValueOrDefault(name, now)).TotalSeconds, 4);
                _before[name] = now;
            }
        }

        return news;
    }

    private static TimeSpan? TimeOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
