namespace Mcptt.Domain.Audit.Timelines;

/// <summary>What the bars and marks mean: those that a picture has, in rows as wide as it is.</summary>
internal sealed class TimelineLegend(TimelineLayout layout, string prefix)
{
    public const double RowHeight = 24;

    private const double TextSize = 11.5;
    private const double Swatch = 26;
    private const double Gap = 20;

    public double RowsFor(double width) => Place(width).Select(item => item.Row).DefaultIfEmpty(-1).Max() + 1;

    public void Draw(Markup svg, double width)
    {
        foreach (var (item, x, row) in Place(width))
        {
            svg.Open("g", ("transform", $"translate({Markup.Number(x)},{Markup.Number(row * RowHeight)})"));
            item.Draw(svg);
            svg.Open("text", ("class", "dim"), ("x", Markup.Number(Swatch + 6)), ("y", "16"), ("font-size", Markup.Number(TextSize))).Text(item.Words).Close();
            svg.Close().Line();
        }
    }

    private IEnumerable<(Item Item, double X, int Row)> Place(double width)
    {
        var (x, row) = (0.0, 0);
        foreach (var item in Items())
        {
            var wide = Swatch + 6 + TextMeasure.Width(item.Words, TextSize);
            if (x > 0 && x + wide > width)
            {
                (x, row) = (0, row + 1);
            }

            yield return (item, x, row);
            x += wide + Gap;
        }
    }

    private IEnumerable<Item> Items()
    {
        foreach (var kind in Enum.GetValues<TimelineBarKind>().Where(kind => layout.Bars.Any(bar => bar.Kind == kind)))
        {
            yield return new Item(Words(kind), svg => DrawBar(svg, kind));
        }

        if (layout.Heard.Length > 0)
        {
            yield return new Item("could hear the talker", svg => svg.Empty("path", ("class", "heard"), ("d", $"M0,16h{Markup.Number(Swatch)}")));
        }

        if (layout.Bands.Length > 0)
        {
            yield return new Item("emergency or imminent peril", svg => svg.Empty("rect", ("class", "band"), ("y", "4"), ("width", Markup.Number(Swatch)), ("height", "16")));
        }

        foreach (var kind in Enum.GetValues<TimelineMarkKind>().Where(kind => layout.Marks.Any(mark => mark.Kind == kind)))
        {
            yield return new Item(Words(kind), svg =>
            {
                svg.Open("g", ("transform", $"translate({Markup.Number(Swatch / 2)},12)"));
                TimelineSymbols.Draw(svg, kind);
                svg.Close();
            });
        }

        if (layout.Scale.Segments.Any(segment => segment.IsBreak))
        {
            yield return new Item("nothing happened (not to scale)", svg => svg.Empty("path", ("class", "zigzag"), ("d", "M8,3l3,4l-3,4l3,4l-3,4M16,3l3,4l-3,4l3,4l-3,4")));
        }
    }

    private void DrawBar(Markup svg, TimelineBarKind kind)
    {
        var isThin = kind == TimelineBarKind.NotRecorded;
        svg.Empty(
            "rect",
            [
                ("class", kind.ToString().ToLowerInvariant()),
                ("y", isThin ? "10" : "5"),
                ("width", Markup.Number(Swatch)),
                ("height", isThin ? "3" : "14"),
                ("rx", "2"),
                .. TimelineSymbols.Fill(kind, prefix),
            ]);
    }

    private static string Words(TimelineBarKind kind) =>
        kind switch
        {
            TimelineBarKind.Ringing => "being invited",
            TimelineBarKind.InCall => "in the call",
            TimelineBarKind.Deaf => "in the call, sent no voice",
            TimelineBarKind.Waiting => "waits for the floor (places)",
            TimelineBarKind.Granted => "has the floor, no voice yet",
            TimelineBarKind.Voice => "talks (burst · length)",
            TimelineBarKind.Stopping => "told to stop, still talks",
            TimelineBarKind.Unpermitted => "voice without the floor",
            _ => "not recorded",
        };

    private static string Words(TimelineMarkKind kind) =>
        kind switch
        {
            TimelineMarkKind.LateEntry => "came to the call under way",
            TimelineMarkKind.Left => "left before the end",
            TimelineMarkKind.Failed => "invited, did not come",
            TimelineMarkKind.Refused => "refused the call",
            TimelineMarkKind.Denied => "denied the floor",
            TimelineMarkKind.Revoked => "floor revoked",
            _ => "pre-empts",
        };

    private sealed record Item(string Words, Action<Markup> Draw);
}
