using System.Globalization;
using System.Text;

namespace Mcptt.Load.Reporting;

/// <param name="Points">Second and value; null: nothing was there, and the line has a gap.</param>
internal sealed record ChartLine(string Name, string Colour, IReadOnlyList<(double Second, double? Value)> Points, ChartMark Mark = ChartMark.Line);

internal enum ChartMark
{
    Line,
    Bar,
    Dot,
}

/// <summary>A horizontal line that must not be crossed.</summary>
internal sealed record ChartLimit(string Name, double Value);

/// <summary>One time series as SVG. A logarithmic axis is for times, where a thousandth matters as well as a thousandfold.</summary>
internal sealed record Chart(string Title, string Unit, IReadOnlyList<ChartLine> Lines, bool Logarithmic = false, ChartLimit? Limit = null)
{
    public const int Height = 190;

    private const int Left = 62;
    private const int Top = 30;
    private const int Bottom = 24;
    private const double LeastTop = 1;

    public string Svg(ChartFrame frame, int y)
    {
        var plot = new Plot(this, frame, y);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<g><text class=\"title\" x=\"{Left}\" y=\"{y + 16}\">{Xml(Title)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"plot\" x=\"{Left}\" y=\"{y + Top}\" width=\"{frame.Width - Left - ChartFrame.Right}\" height=\"{Height - Top - Bottom}\"/>");
        frame.Backdrop(svg, plot.X, y + Top, Height - Top - Bottom);
        Axis(svg, plot, frame);
        foreach (var line in Lines)
        {
            plot.Draw(svg, line);
        }

        DrawLimit(svg, plot, frame);
        Legend(svg, frame, y);
        return svg.Append("</g>\n").ToString();
    }

    public static string Xml(string text) => System.Security.SecurityElement.Escape(text);

    private void Axis(StringBuilder svg, Plot plot, ChartFrame frame)
    {
        foreach (var value in plot.Ticks())
        {
            var at = plot.Y(value);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{frame.Width - ChartFrame.Right}\" y1=\"{at:0.#}\" y2=\"{at:0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{Left - 6}\" y=\"{at + 3.5:0.#}\" text-anchor=\"end\">{Number(value)}</text>");
        }

        foreach (var second in frame.Seconds())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{plot.X(second):0.#}\" y=\"{plot.Floor + 15:0.#}\" text-anchor=\"middle\">{ChartFrame.Clock(second)}</text>");
        }
    }

    private void DrawLimit(StringBuilder svg, Plot plot, ChartFrame frame)
    {
        if (Limit is { } limit && limit.Value <= plot.Most)
        {
            var at = plot.Y(limit.Value);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"limit\" x1=\"{Left}\" x2=\"{frame.Width - ChartFrame.Right}\" y1=\"{at:0.#}\" y2=\"{at:0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"limit\" x=\"{frame.Width - ChartFrame.Right - 4}\" y=\"{at + 12:0.#}\" text-anchor=\"end\">{Xml(limit.Name)}</text>");
        }
    }

    private void Legend(StringBuilder svg, ChartFrame frame, int y)
    {
        var x = frame.Width - ChartFrame.Right;
        foreach (var line in Lines.Reverse())
        {
            x -= (line.Name.Length * 7) + 28;
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y + 9}\" width=\"14\" height=\"{(line.Mark == ChartMark.Line ? 3 : 8)}\" fill=\"{line.Colour}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"legend\" x=\"{x + 18}\" y=\"{y + 16}\">{Xml(line.Name)}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{Left - 6}\" y=\"{y + 18}\" text-anchor=\"end\">{Xml(Unit)}</text>");
    }

    private static string Number(double value) =>
        value >= 1_000_000 ? (value / 1_000_000).ToString("0.#", CultureInfo.InvariantCulture) + "M"
        : value >= 10_000 ? (value / 1000).ToString("0.#", CultureInfo.InvariantCulture) + "k"
        : value.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>Where values stand in one chart.</summary>
    private sealed class Plot
    {
        private const double LeastLogarithmic = 0.1;
        private readonly Chart _chart;
        private readonly ChartFrame _frame;
        private readonly double _least;
        private readonly int _top;

        public Plot(Chart chart, ChartFrame frame, int y)
        {
            (_chart, _frame, _top) = (chart, frame, y + Chart.Top);
            var values = chart.Lines.SelectMany(line => line.Points).Select(point => point.Value).OfType<double>().ToList();
            var greatest = values.DefaultIfEmpty(0).Max();
            Most = chart.Logarithmic ? Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(greatest, LeastTop) * 1.05))) : Rounded(Math.Max(greatest * 1.1, LeastTop));
            _least = chart.Logarithmic ? Math.Pow(10, Math.Floor(Math.Log10(Math.Max(LeastLogarithmic, values.Where(value => value > 0).DefaultIfEmpty(LeastTop).Min())))) : 0;
        }

        public double Most { get; }

        public double Floor => _top + Depth;

        private static int Depth => Height - Chart.Top - Bottom;

        public double X(double second) => Left + ((_frame.Width - Left - ChartFrame.Right) * Math.Clamp(second / _frame.LastSecond, 0, 1));

        public double Y(double value)
        {
            var part = _chart.Logarithmic
                ? Math.Log10(Math.Max(value, _least) / _least) / Math.Log10(Most / _least)
                : value / Most;
            return Floor - (Depth * Math.Clamp(part, 0, 1));
        }

        public IEnumerable<double> Ticks()
        {
            if (!_chart.Logarithmic)
            {
                return [0, Most / 4, Most / 2, Most * 3 / 4, Most];
            }

            return Enumerable.Range(0, (int)Math.Round(Math.Log10(Most / _least)) + 1).Select(power => _least * Math.Pow(10, power));
        }

        public void Draw(StringBuilder svg, ChartLine line)
        {
            switch (line.Mark)
            {
                case ChartMark.Line:
                    Connected(svg, line);
                    break;
                case ChartMark.Dot:
                    Each(line, (x, y) => svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"1.8\" fill=\"{line.Colour}\"/>"));
                    break;
                default:
                    var width = Math.Max(1.5, (X(_frame.Interval) - X(0)) * 0.8);
                    Each(line, (x, y) => svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x - width:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{Floor - y:0.#}\" fill=\"{line.Colour}\"/>"));
                    break;
            }
        }

        private void Each(ChartLine line, Action<double, double> draw)
        {
            foreach (var (second, value) in line.Points)
            {
                if (value is > 0)
                {
                    draw(X(second), Y(value.Value));
                }
            }
        }

        private void Connected(StringBuilder svg, ChartLine line)
        {
            var path = new StringBuilder();
            var pen = false;
            foreach (var (second, value) in line.Points)
            {
                if (value is { } drawn)
                {
                    path.Append(CultureInfo.InvariantCulture, $"{(pen ? "L" : "M")}{X(second):0.#} {Y(drawn):0.#}{(pen ? "" : "h.1")}"); // A point alone is a dot.
                }

                pen = value is not null;
            }

            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line\" d=\"{path}\" stroke=\"{line.Colour}\"/>");
        }

        private static double Rounded(double value)
        {
            var unit = Math.Pow(10, Math.Floor(Math.Log10(value)));
            return new[] { 1, 2, 4, 8, 10 }.First(step => step * unit >= value * 0.9999) * unit;
        }
    }
}
