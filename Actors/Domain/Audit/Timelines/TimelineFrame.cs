namespace Mcptt.Domain.Audit.Timelines;

/// <summary>Sizes of a picture that follow from how many lanes it has and how long their names are.</summary>
/// <param name="AxisHeight">Above the lanes: clock times and, where there are any, the lengths of breaks and the names of bands.</param>
internal sealed record TimelineFrame(double LaneHeight, double NameSize, double GutterWidth, double AxisHeight)
{
    /// <summary>Under a name, where lanes are high enough.</summary>
    public const double KindSize = 9.5;

    private const double OneLine = 24;
    private const double TwoLines = 40;

    /// <summary>Below the lanes: clock times again.</summary>
    public const double FootHeight = 22;

    private const double NarrowestGutter = 130;
    private const double WidestGutter = 260;
    private const double GutterRoom = 40;

    private const double HighLane = 38;

    public bool ShowsKind => LaneHeight >= HighLane;

    public double BarInset => LaneHeight >= 28 ? 5 : 2;

    /// <summary>Between the edge of who is in the call and what it does there.</summary>
    public double TalkInset => LaneHeight >= 28 ? 3 : 2;

    /// <summary>In bars; 0: they have no room for words.</summary>
    public double LabelSize => LaneHeight >= 28 ? 10.5 : LaneHeight >= 18 ? 9 : 0;

    public static TimelineFrame Of(TimelineLayout layout, LaneNames names)
    {
        var (height, size) = layout.Lanes.Length switch
        {
            <= 16 => (HighLane, 12.5),
            <= 40 => (28.0, 12.0),
            <= 120 => (19.0, 10.5),
            _ => (14.0, 9.0),
        };
        var widest = layout.Lanes.Select(lane => TextMeasure.Width(names.Of(lane), size)).DefaultIfEmpty(0).Max();
        var widestKind = height < HighLane ? 0 : layout.Lanes.Select(lane => TextMeasure.Width(TimelineWords.KindOf(lane), KindSize)).DefaultIfEmpty(0).Max();
        var isTwoLines = layout.Bands.Length > 0 || layout.Scale.Segments.Any(segment => segment.IsBreak);
        return new TimelineFrame(height, size, Math.Clamp(Math.Max(widest, widestKind) + GutterRoom, NarrowestGutter, WidestGutter), isTwoLines ? TwoLines : OneLine);
    }

    public double Top(int lane) => lane * LaneHeight;

    public double Middle(int lane) => Top(lane) + (LaneHeight / 2);
}
