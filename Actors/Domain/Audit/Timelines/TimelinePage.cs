using System.Security.Cryptography;
using System.Text;
using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>
/// The picture as a page that stands alone: the names stay while the plot scrolls and zooms, and the whole story stands below it in tables. Its policy
/// lets nothing run or load but its own script and style.
/// </summary>
public static class TimelinePage
{
    private const double Margin = 16;

    /// <summary>A zoom goes on until a second has this many pixels, in so many steps at most.</summary>
    private const double WidestSecond = 240;
    private const int MaxZooms = 7;

    private const string Css = """

        body{margin:0;padding:16px 20px;background:#ffffff;color:#1b1f24;font:14px/1.45 system-ui,-apple-system,"Segoe UI","DejaVu Sans",Arial,sans-serif}
        h1{font-size:20px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 6px}p{margin:2px 0;color:#56606b}
        #controls{margin:10px 0;display:flex;gap:6px;align-items:center}#controls[hidden]{display:none}
        button{font:inherit;padding:3px 11px;border:1px solid #aab3be;border-radius:5px;background:#f5f7f9;color:inherit;cursor:pointer}
        #picture{display:flex;align-items:flex-start;margin-top:8px}#scroll{overflow-x:auto;flex:1;min-width:0}svg{display:block;flex:none}
        table{border-collapse:collapse;font-size:13px}th{text-align:left;border-bottom:2px solid #aab3be;padding:3px 12px 3px 0}td{border-bottom:1px solid #dde2e8;padding:3px 12px 3px 0;vertical-align:top}
        .table{overflow-x:auto}
        @media (prefers-color-scheme:dark){body{background:#14171b;color:#e6e9ed}p{color:#a3adb8}button{background:#1a1f25;border-color:#56606b}th{border-color:#56606b}td{border-color:#2b323a}}

        """;

    public static string Html(CallStory story)
    {
        var layout = TimelineLayout.Of(story);
        var head = TimelineWords.Head(story);
        using var page = new Markup(isDocument: true);
        page.OpenIn(Markup.HtmlNamespace, "html", ("lang", "en")).Line().Open("head").Line();
        page.Empty("meta", ("charset", "utf-8")).Line();
        page.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy())).Line();
        page.Empty("meta", ("name", "viewport"), ("content", "width=device-width")).Line();
        page.Element("title", TimelineWords.Title(story)).Line();
        page.Open("style").Constant(Css).Constant(TimelineStyle.Css).Close().Line().Close().Line().Open("body").Line();
        page.Element("h1", head[0]).Line();
        foreach (var line in head.Skip(1))
        {
            page.Element("p", line).Line();
        }

        DrawControls(page);
        DrawPicture(page, story, layout);
        foreach (var part in StoryTables.Of(story).Skip(1))
        {
            DrawTable(page, part);
        }

        page.Open("script").Constant(TimelineScript.Text).Close().Line().Close().Line().Close();
        return "<!DOCTYPE html>\n" + page + "\n";
    }

    // The hash lets this script run and no other one, whatever a name might smuggle in.
    private static string Policy() =>
        $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(TimelineScript.Text)))}'";

    private static void DrawControls(Markup page)
    {
        page.Open("div", ("id", "controls"), ("hidden", "hidden"));
        page.Element("button", "−", ("id", "out"), ("type", "button"), ("title", "less detail"));
        page.Element("button", "+", ("id", "in"), ("type", "button"), ("title", "more detail"));
        page.Element("button", "whole call", ("id", "all"), ("type", "button"));
        page.Element("span", "1×", ("id", "zoom")).Close().Line();
    }

    private static void DrawPicture(Markup page, CallStory story, TimelineLayout layout)
    {
        var names = new LaneNames(layout.Lanes);
        var frame = TimelineFrame.Of(layout, names);
        var prefix = TimelinePicture.Prefix(story);
        var zooms = Zooms(layout.Scale);
        var height = frame.AxisHeight + (layout.Lanes.Length * frame.LaneHeight) + TimelineFrame.FootHeight;
        page.Open("div", ("id", "picture"));
        OpenSvg(page, frame.GutterWidth, height, ("aria-hidden", "true"));
        page.Open("g", ("transform", $"translate(0,{Markup.Number(frame.AxisHeight)})"));
        TimelinePicture.DrawNames(page, layout, frame, names);
        page.Close().Close().Open("div", ("id", "scroll"), ("tabindex", "0"));
        OpenSvg(
            page,
            layout.Scale.Width,
            height,
            ("id", "plot"),
            ("role", "img"),
            ("aria-label", TimelineWords.Description(story)),
            ("data-width", Markup.Number(layout.Scale.Width)),
            ("data-zooms", string.Join(' ', zooms.Select(Markup.Number))));
        TimelineSymbols.Define(page, prefix);
        page.Open("g", ("transform", $"translate(0,{Markup.Number(frame.AxisHeight)})")).Line();
        new TimelinePlot(layout, frame, prefix).Draw(page, zooms);
        page.Close().Close().Close().Close().Line();
        DrawLegend(page, layout, prefix);
    }

    private static void DrawLegend(Markup page, TimelineLayout layout, string prefix)
    {
        const double width = 1_100;
        var legend = new TimelineLegend(layout, prefix);
        OpenSvg(page, width, (legend.RowsFor(width) * TimelineLegend.RowHeight) + Margin, ("aria-hidden", "true"));
        page.Open("g", ("transform", "translate(0,8)"));
        legend.Draw(page, width);
        page.Close().Close().Line();
    }

    private static void OpenSvg(Markup page, double width, double height, params ReadOnlySpan<(string Name, string Value)> more) =>
        page.OpenIn(Markup.SvgNamespace, "svg", [("width", Markup.Number(width)), ("height", Markup.Number(height)), .. more]);

    private static List<double> Zooms(TimeScale scale)
    {
        var zooms = new List<double> { 1 };
        while (zooms.Count < MaxZooms && scale.PerSecond * zooms[^1] < WidestSecond)
        {
            zooms.Add(zooms[^1] * 2);
        }

        return zooms;
    }

    private static void DrawTable(Markup page, StoryTable part)
    {
        page.Element("h2", part.Title).Line();
        foreach (var line in part.Lines)
        {
            page.Element("p", line).Line();
        }

        if (part.Columns.Length == 0)
        {
            return;
        }

        page.Open("div", ("class", "table")).Open("table").Open("thead").Open("tr");
        foreach (var column in part.Columns)
        {
            page.Element("th", column);
        }

        page.Close().Close().Open("tbody").Line();
        foreach (var row in part.Rows)
        {
            page.Open("tr");
            foreach (var cell in row)
            {
                page.Element("td", cell);
            }

            page.Close().Line();
        }

        page.Close().Close().Close().Line();
    }
}
