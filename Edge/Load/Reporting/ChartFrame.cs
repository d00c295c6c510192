using System.Globalization;
using System.Text;
using Mcptt.Load.Measuring;

namespace Mcptt.Load.Reporting;

/// <summary>What all charts of a report share: the time axis, the phases behind the lines, and the events across them.</summary>
internal sealed class ChartFrame
{
    public const int Right = 16;

    private const int WantedTicks = 12;
    private static readonly double[] Steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

    private readonly List<(string Phase, double From, double To)> _phases = [];
    private readonly IReadOnlyList<LoadEvent> _marks;

    public ChartFrame(LoadReport report, int width)
    {
        Width = width;
        Interval = report.IntervalSeconds;
        LastSecond = Math.Max(report.Samples.Select(sample => sample.Seconds).DefaultIfEmpty(0).Max(), Interval);
        var names = report.Samples.Select(sample => sample.Phase).ToHashSet(StringComparer.Ordinal);
        var begins = report.Events.Where(one => names.Contains(one.Text)).ToList();
        for (var i = 0; i < begins.Count; i++)
        {
            _phases.Add((begins[i].Text, begins[i].Seconds, i + 1 < begins.Count ? begins[i + 1].Seconds : LastSecond));
        }

        _marks = [.. report.Events.Except(begins)];
    }

    public int Width { get; }

    public double Interval { get; }

    public double LastSecond { get; }

    public static string Clock(double second) =>
        second >= 3600 ? TimeSpan.FromSeconds(second).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : TimeSpan.FromSeconds(second).ToString(@"m\:ss", CultureInfo.InvariantCulture);

    public IEnumerable<double> Seconds()
    {
        var step = Steps.FirstOrDefault(step => LastSecond / step <= WantedTicks, Steps[^1]);
        for (var second = 0.0; second <= LastSecond; second += step)
        {
            yield return second;
        }
    }

    public void Backdrop(StringBuilder svg, Func<double, double> x, int top, int height)
    {
        foreach (var (phase, from, to) in _phases)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"phase {phase}\" x=\"{x(from):0.#}\" y=\"{top}\" width=\"{Math.Max(0, x(to) - x(from)):0.#}\" height=\"{height}\"><title>{phase}</title></rect>");
            if (x(to) - x(from) > phase.Length * 6)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"phase\" x=\"{x(from) + 4:0.#}\" y=\"{top + 11}\">{phase}</text>");
            }
        }

        foreach (var mark in _marks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"{(mark.Trouble ? "trouble" : "event")}\" x1=\"{x(mark.Seconds):0.#}\" x2=\"{x(mark.Seconds):0.#}\" y1=\"{top}\" y2=\"{top + height}\"><title>{Chart.Xml(Clock(mark.Seconds) + " " + mark.Text)}</title></line>");
        }
    }
}
