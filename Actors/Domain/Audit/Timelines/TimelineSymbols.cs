namespace Mcptt.Domain.Audit.Timelines;

/// <summary>Patterns and the shapes of marks, each around the origin. Ids begin with the picture's own prefix, so that several share a page.</summary>
internal static class TimelineSymbols
{
    private const double PatternSize = 8;

    public static void Define(Markup svg, string prefix)
    {
        svg.Open("defs");
        Stripes(svg, prefix + "waiting", "p-waiting", under: true, angle: 45);
        Stripes(svg, prefix + "stopping", "p-stopping", under: false, angle: -45);
        Stripes(svg, prefix + "deaf", "p-deaf", under: false, angle: 0);
        svg.Close().Line();
    }

    /// <summary>The attribute of a bar that has a pattern; style sheets cannot name it, because it is the picture's own.</summary>
    public static (string Name, string Value)[] Fill(TimelineBarKind kind, string prefix) =>
        kind switch
        {
            TimelineBarKind.Waiting => [("fill", $"url(#{prefix}waiting)")],
            TimelineBarKind.Stopping => [("fill", $"url(#{prefix}stopping)")],
            TimelineBarKind.Deaf => [("fill", $"url(#{prefix}deaf)")],
            _ => [],
        };

    public static void Draw(Markup svg, TimelineMarkKind kind)
    {
        switch (kind)
        {
            case TimelineMarkKind.LateEntry:
                Shape(svg, "m-go", "M-6,-6 L6,0 L-6,6 Z");
                break;
            case TimelineMarkKind.Left:
                Shape(svg, "m-out", "M6,-6 L-6,0 L6,6 Z");
                break;
            case TimelineMarkKind.Revoked:
                Shape(svg, "m-bad", "M-6.5,-5 L6.5,-5 L0,6.5 Z");
                break;
            case TimelineMarkKind.Preempts:
                Shape(svg, "m-take", "M-6.5,5 L6.5,5 L0,-6.5 Z");
                break;
            case TimelineMarkKind.Denied:
                Cross(svg);
                break;
            case TimelineMarkKind.Refused:
                Cross(svg);
                svg.Empty("circle", ("r", "6.2"), ("class", "cross"));
                break;
            case TimelineMarkKind.Failed:
                svg.Empty("path", ("class", "halo"), ("d", "M-6,0 L6,0")).Empty("path", ("class", "cross"), ("d", "M-6,0 L6,0")).Empty("circle", ("r", "6.2"), ("class", "cross"));
                break;
        }
    }

    private static void Shape(Markup svg, string color, string path) => svg.Empty("path", ("class", "mark " + color), ("d", path));

    private static void Cross(Markup svg)
    {
        const string path = "M-4.5,-4.5 L4.5,4.5 M-4.5,4.5 L4.5,-4.5";
        svg.Empty("path", ("class", "halo"), ("d", path)).Empty("path", ("class", "cross"), ("d", path));
    }

    private static void Stripes(Markup svg, string id, string name, bool under, double angle)
    {
        var size = Markup.Number(PatternSize);
        svg.Open("pattern", ("id", id), ("width", size), ("height", size), ("patternUnits", "userSpaceOnUse"), ("patternTransform", $"rotate({Markup.Number(angle)})"));
        if (under)
        {
            svg.Empty("rect", ("class", "p-under"), ("width", size), ("height", size));
        }

        svg.Empty("line", ("class", name), ("x1", "2"), ("y1", "0"), ("x2", "2"), ("y2", size)).Close();
    }
}
