using System.Globalization;
using System.Xml.Linq;
using Mcptt.Domain.Audit.Stories;
using Mcptt.Domain.Audit.Timelines;

namespace Mcptt.Domain.Tests.Audit;

/// <summary>What holds for every picture.</summary>
internal static class TimelineAssert
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static void Sound(CallStory story, string note)
    {
        InsideTheFrame(TimelineLayout.Of(story), note);
        var picture = XDocument.Parse(TimelinePicture.Svg(story));
        StandsAlone(picture, note);
        TextsApart(picture, note);
        Assert.True(picture.Root!.Elements(Svg + "title").Count() == 1 && picture.Root.Elements(Svg + "desc").Count() == 1, $"no words for who cannot see, {note}");
        Assert.Empty(picture.Descendants(Svg + "script"));
        var page = XDocument.Parse(TimelinePage.Html(story));
        StandsAlone(page, note);
        Assert.True(page.Descendants().Count(element => element.Name.LocalName == "script") == 1, $"a second script, {note}");
    }

    public static void InsideTheFrame(TimelineLayout layout, string note)
    {
        var width = layout.Scale.Width;
        foreach (var bar in layout.Bars)
        {
            Assert.True(bar.X >= 0 && bar.Width > 0 && bar.X + bar.Width <= width + 0.01, $"{bar} leaves the frame of {width}, {note}");
            Assert.True(bar.Lane >= 0 && bar.Lane < layout.Lanes.Length, $"{bar} has no lane, {note}");
        }

        Assert.All(layout.Marks, mark => Assert.True(mark.X >= TimelineMarks.HalfWidth && mark.X <= width - TimelineMarks.HalfWidth, $"{mark} leaves the frame of {width}, {note}"));
        Assert.All(layout.Bands, band => Assert.True(band.X >= 0 && band.X + band.Width <= width + 0.01, $"{band} leaves the frame, {note}"));
        Assert.All(layout.Heard, heard => Assert.True(heard.X >= 0 && heard.X + heard.Width <= width + 0.01, $"{heard} leaves the frame, {note}"));

        // Time runs to the right, and each stretch begins where the one before it ends.
        Assert.All(layout.Scale.Segments.Zip(layout.Scale.Segments.Skip(1)), pair => Assert.True(Math.Abs(pair.First.End - pair.Second.X) < 0.001 && pair.First.Span.UntilUs == pair.Second.Span.FromUs, note));
        Assert.True(Math.Abs(layout.Scale.Segments[^1].End - width) < 0.01, note);
    }

    // Nothing is fetched from anywhere and no name became an attribute that acts.
    private static void StandsAlone(XDocument document, string note)
    {
        foreach (var element in document.Descendants())
        {
            Assert.True(element.Name.Namespace == Svg || element.Name.NamespaceName == "http://www.w3.org/1999/xhtml", $"{element.Name} is neither SVG nor HTML, {note}");
            foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
            {
                Assert.False(attribute.Name.LocalName is "href" or "src" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal), $"{attribute}, {note}");
                Assert.True(attribute.Name.LocalName is "aria-label" || !attribute.Value.Contains("url(", StringComparison.Ordinal) || attribute.Value.StartsWith("url(#", StringComparison.Ordinal), $"{attribute}, {note}");
            }
        }
    }

    // Words on one line of the axis, or of the row of breaks, do not touch.
    private static void TextsApart(XDocument picture, string note)
    {
        var words = picture.Descendants(Svg + "text").Where(text => text.Parent?.Attribute("class")?.Value == "at" && Number(text, "y") is < 0 and var y && y > -60).ToList();
        foreach (var line in words.GroupBy(text => (Number(text, "y"), text.Parent!.Parent!.Attribute("class")?.Value == "ticks")).Where(line => line.Key.Item2))
        {
            var places = line.Select(text => (Middle: Number(text.Parent!, "data-x"), Half: TextMeasure.Width(text.Value, Number(text, "font-size")) / 2)).OrderBy(place => place.Middle).ToList();
            Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.First.Middle + pair.First.Half <= pair.Second.Middle - pair.Second.Half, $"two times overlap at {pair.First.Middle}, {note}"));
        }
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
}
