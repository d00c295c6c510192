using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>
/// A call as a swim-lane picture: a lane per participant, who had the floor and who could hear it, who waited, who was refused and stopped, against the
/// clock. SVG that stands alone: no script, no other file, words for those who cannot see it.
/// </summary>
public static class TimelinePicture
{
    private const double Margin = 16;
    private const double TitleSize = 16;
    private const double TextSize = 12;
    private const double HeadHeight = 62;

    public static string Svg(CallStory story)
    {
        var layout = TimelineLayout.Of(story);
        var names = new LaneNames(layout.Lanes);
        var frame = TimelineFrame.Of(layout, names);
        var prefix = Prefix(story);
        var legend = new TimelineLegend(layout, prefix);
        var width = frame.GutterWidth + layout.Scale.Width + (2 * Margin);
        var lanesHeight = layout.Lanes.Length * frame.LaneHeight;
        var plotTop = Margin + HeadHeight + frame.AxisHeight;
        var legendTop = plotTop + lanesHeight + TimelineFrame.FootHeight + 8;
        var legendRows = legend.RowsFor(width - (2 * Margin));
        var height = legendTop + (legendRows * TimelineLegend.RowHeight) + Margin;

        using var svg = new Markup(isDocument: true);
        svg.OpenIn(
            Markup.SvgNamespace,
            "svg",
            ("width", Markup.Number(width)),
            ("height", Markup.Number(height)),
            ("viewBox", $"0 0 {Markup.Number(width)} {Markup.Number(height)}"),
            ("role", "img"),
            ("aria-labelledby", $"{prefix}title {prefix}desc")).Line();
        svg.Element("title", TimelineWords.Title(story), ("id", prefix + "title")).Line();
        svg.Element("desc", TimelineWords.Description(story), ("id", prefix + "desc")).Line();
        svg.Open("style").Constant(TimelineStyle.Css).Close().Line();
        TimelineSymbols.Define(svg, prefix);
        svg.Empty("rect", ("class", "paper"), ("width", Markup.Number(width)), ("height", Markup.Number(height))).Line();
        DrawHead(svg, story, width - (2 * Margin));
        svg.Open("g", ("transform", $"translate({Markup.Number(Margin)},{Markup.Number(plotTop)})"));
        DrawNames(svg, layout, frame, names);
        svg.Close().Line();
        svg.Open("g", ("transform", $"translate({Markup.Number(Margin + frame.GutterWidth)},{Markup.Number(plotTop)})")).Line();
        new TimelinePlot(layout, frame, prefix).Draw(svg, [1]);
        svg.Close().Line();
        svg.Open("g", ("transform", $"translate({Markup.Number(Margin)},{Markup.Number(legendTop)})")).Line();
        legend.Draw(svg, width - (2 * Margin));
        svg.Close().Line().Close();
        return svg.ToString() + "\n";
    }

    internal static void DrawNames(Markup svg, TimelineLayout layout, TimelineFrame frame, LaneNames names)
    {
        for (var lane = 0; lane < layout.Lanes.Length; lane++)
        {
            var one = layout.Lanes[lane];
            var room = frame.GutterWidth - 26;
            var middle = frame.Middle(lane);
            svg.Open("g").Element("title", TimelineWords.Lane(one));
            var isTwoLines = frame.ShowsKind;
            svg.Open("text", ("x", "0"), ("y", Markup.Number(isTwoLines ? middle - 1 : middle + (frame.NameSize * 0.36))), ("font-size", Markup.Number(frame.NameSize)), ("class", one.WasInCall ? "name" : "dim"));
            svg.Text(TextMeasure.Fit(names.Of(one), frame.NameSize, room)).Close();
            if (isTwoLines)
            {
                svg.Open("text", ("x", "0"), ("y", Markup.Number(middle + 12)), ("font-size", Markup.Number(TimelineFrame.KindSize)), ("class", "dim"));
                svg.Text(TextMeasure.Fit(TimelineWords.KindOf(one), TimelineFrame.KindSize, room)).Close();
            }

            var x = frame.GutterWidth - 14;
            if (one.IsPlainPhone)
            {
                svg.Empty("rect", ("class", "frame"), ("x", Markup.Number(x - 3.5)), ("y", Markup.Number(middle - 3.5)), ("width", "7"), ("height", "7"));
            }
            else if (!one.Legs.IsEmpty)
            {
                svg.Empty("circle", ("class", "frame"), ("cx", Markup.Number(x)), ("cy", Markup.Number(middle)), ("r", "3.8"));
            }

            svg.Close().Line();
        }
    }

    /// <summary>For ids: two pictures in one page must not share them.</summary>
    internal static string Prefix(CallStory story) => "c" + string.Concat(story.Call.Where(char.IsAsciiLetterOrDigit).Take(8)) + "-";

    private static void DrawHead(Markup svg, CallStory story, double width)
    {
        var lines = TimelineWords.Head(story);
        for (var line = 0; line < lines.Count; line++)
        {
            var size = line == 0 ? TitleSize : TextSize;
            svg.Open(
                "text",
                ("x", Markup.Number(Margin)),
                ("y", Markup.Number(Margin + 14 + (line == 0 ? 0 : 4 + (line * 17)))),
                ("font-size", Markup.Number(size)),
                ("class", line == 0 ? "head" : "dim"),
                ("font-weight", line == 0 ? "bold" : "normal"));
            svg.Text(TextMeasure.Fit(lines[line], size, width)).Close().Line();
        }
    }
}
