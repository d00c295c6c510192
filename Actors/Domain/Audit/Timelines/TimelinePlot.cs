using System.Globalization;
using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>
/// Draws the lanes of a layout. Elements that a zoom moves carry a class: "r" a bar (x, data-w), "at" a group (its place), "s" a path that is stretched,
/// "fit" a label that needs room (data-need), "ticks" the clock times of one zoom (data-z).
/// </summary>
internal sealed class TimelinePlot(TimelineLayout layout, TimelineFrame frame, string prefix)
{
    private const double CountSize = 10.5;
    private const double LabelRoom = 8;
    private const double BreakTextSize = 10;

    private double Height => layout.Lanes.Length * frame.LaneHeight;

    /// <param name="zooms">Clock times for each of them; labels that do not fit at the first are hidden if there are several.</param>
    public void Draw(Markup svg, IReadOnlyList<double> zooms)
    {
        DrawLanes(svg);
        foreach (var zoom in zooms)
        {
            DrawTicks(svg, zoom, isShown: zoom == zooms[0]);
        }

        DrawBands(svg);
        DrawHearing(svg);
        var canZoom = zooms.Count > 1;
        foreach (var bar in layout.Bars)
        {
            DrawBar(svg, bar, canZoom);
        }

        DrawBreaks(svg);
        foreach (var mark in layout.Marks)
        {
            DrawMark(svg, mark);
        }

        svg.Empty("rect", ("class", "frame r"), ("x", "0"), ("y", "0"), ("width", Number(layout.Scale.Width)), ("height", Number(Height)), ("data-w", Number(layout.Scale.Width))).Line();
    }

    private void DrawLanes(Markup svg)
    {
        for (var lane = 1; lane < layout.Lanes.Length; lane += 2)
        {
            svg.Empty("rect", ("class", "even r"), ("x", "0"), ("y", Number(frame.Top(lane))), ("width", Number(layout.Scale.Width)), ("height", Number(frame.LaneHeight)), ("data-w", Number(layout.Scale.Width)));
        }

        svg.Line();
    }

    private void DrawTicks(Markup svg, double zoom, bool isShown)
    {
        svg.Open("g", ("class", "ticks"), ("data-z", Number(zoom)), ("style", isShown ? "" : "display:none"));
        foreach (var (x, label) in TimelineAxis.Ticks(layout.Scale, zoom))
        {
            OpenAt(svg, x, 0);
            svg.Empty("line", ("class", "grid"), ("x1", "0"), ("y1", "0"), ("x2", "0"), ("y2", Number(Height)));
            Label(svg, label, 0, -(frame.AxisHeight - 12), TimelineAxis.TextSize, "dim", "middle");
            Label(svg, label, 0, Height + 15, TimelineAxis.TextSize, "dim", "middle");
            svg.Close();
        }

        svg.Close().Line();
    }

    private void DrawBands(Markup svg)
    {
        foreach (var band in layout.Bands)
        {
            svg.Open("g").Element("title", band.Title);
            svg.Empty("rect", ("class", "band r"), ("x", Number(band.X)), ("y", "0"), ("width", Number(band.Width)), ("height", Number(Height)), ("data-w", Number(band.Width)));
            OpenAt(svg, band.X, 0);
            var room = Math.Max(band.Width, layout.Scale.Width - band.X);
            if (TextMeasure.Width(band.Label, BreakTextSize) + LabelRoom < room)
            {
                Label(svg, band.Label, 2, -5, BreakTextSize, "bandtext", "start", ("font-weight", "bold"));
            }

            svg.Close().Close().Line();
        }
    }

    // One path per lane: a call with many listeners and bursts would otherwise be mostly this.
    private void DrawHearing(Markup svg)
    {
        foreach (var lane in layout.Heard.GroupBy(heard => heard.Lane))
        {
            var y = Number(frame.Top(lane.Key) + frame.LaneHeight - 2);
            var path = string.Concat(lane.Select(heard => $"M{Number(heard.X)},{y}h{Number(heard.Width)}"));
            svg.Empty("path", ("class", "heard s"), ("vector-effect", "non-scaling-stroke"), ("d", path)).Line();
        }
    }

    private void DrawBar(Markup svg, TimelineBar bar, bool canZoom)
    {
        var (inset, height) = InsetOf(bar.Kind);
        var y = frame.Top(bar.Lane) + inset;
        svg.Open("g").Element("title", bar.Title);
        svg.Empty(
            "rect",
            [
                ("class", $"{bar.Kind.ToString().ToLowerInvariant()} r"),
                ("x", Number(bar.X)),
                ("y", Number(y)),
                ("width", Number(bar.Width)),
                ("height", Number(height)),
                ("data-w", Number(bar.TrueWidth)),
                ("rx", "2"),
                .. TimelineSymbols.Fill(bar.Kind, prefix),
            ]);
        var need = TextMeasure.Width(bar.Label, frame.LabelSize) + LabelRoom;
        var fits = need <= bar.Width;
        if (bar.Label.Length > 0 && frame.LabelSize > 0 && (fits || canZoom))
        {
            OpenAt(svg, bar.X, 0);
            var style = bar.Kind == TimelineBarKind.Voice ? "onvoice fit" : "onwait fit";
            Label(svg, bar.Label, 5, y + (height / 2) + (frame.LabelSize * 0.36), frame.LabelSize, style, "start", ("data-need", Number(need)), ("data-w", Number(bar.TrueWidth)), ("style", fits ? "" : "display:none"));
            svg.Close();
        }

        svg.Close().Line();
    }

    private (double Inset, double Height) InsetOf(TimelineBarKind kind) =>
        kind switch
        {
            TimelineBarKind.Ringing or TimelineBarKind.InCall or TimelineBarKind.Deaf => (frame.BarInset - 1, frame.LaneHeight - (2 * frame.BarInset) + 2),
            TimelineBarKind.NotRecorded => (frame.BarInset - 1, 3),
            _ => (frame.BarInset - 1 + frame.TalkInset, frame.LaneHeight - (2 * frame.BarInset) + 2 - (2 * frame.TalkInset)),
        };

    private void DrawBreaks(Markup svg)
    {
        var free = 0.0;
        foreach (var segment in layout.Scale.Segments.Where(segment => segment.IsBreak))
        {
            var silence = StoryClock.Length(segment.Span.LengthUs);
            svg.Open("g").Element("title", $"{silence} in which nothing happened, from {StoryClock.Time(segment.Span.FromUs)} until {StoryClock.Time(segment.Span.UntilUs)}");
            svg.Empty("rect", ("class", "break r"), ("x", Number(segment.X)), ("y", "-1"), ("width", Number(segment.Width)), ("height", Number(Height + 2)), ("data-w", Number(segment.Width)));
            svg.Empty("path", ("class", "zigzag s"), ("vector-effect", "non-scaling-stroke"), ("d", Zigzag(segment.X + 5) + Zigzag(segment.End - 8)));
            var width = TextMeasure.Width(silence, BreakTextSize);
            var middle = Math.Clamp(segment.X + (segment.Width / 2), width / 2, layout.Scale.Width - (width / 2));
            if (middle - (width / 2) >= free)
            {
                OpenAt(svg, middle, 0);
                Label(svg, silence, 0, -6, BreakTextSize, "dim", "middle", ("font-style", "italic"));
                svg.Close();
                free = middle + (width / 2) + LabelRoom;
            }

            svg.Close().Line();
        }
    }

    private string Zigzag(double x)
    {
        var path = new System.Text.StringBuilder(string.Create(CultureInfo.InvariantCulture, $"M{Number(x)},0"));
        for (var y = 0.0; y < Height; y += 8)
        {
            path.Append("l3,").Append(Number(Math.Min(4, Height - y))).Append("l-3,").Append(Number(Math.Clamp(Height - y - 4, 0, 4)));
        }

        return path.ToString();
    }

    private void DrawMark(Markup svg, TimelineMark mark)
    {
        OpenAt(svg, mark.X, frame.Middle(mark.Lane));
        svg.Element("title", mark.Title);
        TimelineSymbols.Draw(svg, mark.Kind);
        if (mark.Count > 1)
        {
            var isAtEdge = mark.X > layout.Scale.Width - 30;
            Label(svg, $"×{mark.Count}", isAtEdge ? -9 : 9, 4, CountSize, "count", isAtEdge ? "end" : "start");
        }

        svg.Close().Line();
    }

    private static void OpenAt(Markup svg, double x, double y) =>
        svg.Open("g", ("class", "at"), ("data-x", Number(x)), ("data-y", Number(y)), ("transform", $"translate({Number(x)},{Number(y)})"));

    private static void Label(Markup svg, string text, double x, double y, double size, string style, string anchor, params ReadOnlySpan<(string Name, string Value)> more)
    {
        svg.Open("text", [("class", style), ("x", Number(x)), ("y", Number(y)), ("font-size", Number(size)), ("text-anchor", anchor), .. more]);
        svg.Text(text).Close();
    }

    private static string Number(double value) => Markup.Number(value);
}
