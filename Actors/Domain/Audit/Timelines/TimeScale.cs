using System.Collections.Immutable;
using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>A stretch of the time axis: to scale, or a break that stands for a silence.</summary>
internal readonly record struct ScaleSegment(StorySpan Span, double X, double Width, bool IsBreak)
{
    public double End => X + Width;
}

/// <summary>
/// Wall time to the picture's x. All stretches have one scale; the longest silences are breaks of one width, because nobody looks at a picture to see
/// that nothing happened.
/// </summary>
internal sealed class TimeScale
{
    public const double BreakWidth = 26;

    /// <summary>Breaks of one picture; shorter silences beyond them stay to scale.</summary>
    private const int MaxBreaks = 40;

    /// <summary>A silence becomes a break when it is longer than this share of the time in which something happened, within these bounds.</summary>
    private const double ShortestBreakShare = 0.12;
    private const long ShortestBreakUs = 8_000_000;
    private const long LongestStretchUs = 60_000_000;

    private const double SecondUs = 1_000_000;

    private TimeScale(ImmutableArray<ScaleSegment> segments, double width, double perSecond)
    {
        Segments = segments;
        Width = width;
        PerSecond = perSecond;
    }

    public ImmutableArray<ScaleSegment> Segments { get; }

    public double Width { get; }

    /// <summary>Pixels of a second that is to scale.</summary>
    public double PerSecond { get; }

    /// <param name="busy">When something happened, in any order.</param>
    /// <param name="wanted">Pixels that a second should have, if the picture then is not wider than the widest.</param>
    public static TimeScale Of(IEnumerable<StorySpan> busy, StorySpan whole, double narrowest, double widest, double wanted)
    {
        var stretches = Stretches(Merge(busy, whole), whole);
        var toScaleUs = Math.Max(1, stretches.Where(stretch => !stretch.IsBreak).Sum(stretch => stretch.Span.LengthUs));
        var breaks = stretches.Count(stretch => stretch.IsBreak) * BreakWidth;
        var width = Math.Clamp(breaks + (toScaleUs / SecondUs * wanted), narrowest, widest);
        var perUs = (width - breaks) / toScaleUs;
        var segments = ImmutableArray.CreateBuilder<ScaleSegment>();
        var x = 0.0;
        foreach (var (span, isBreak) in stretches)
        {
            var segment = new ScaleSegment(span, x, isBreak ? BreakWidth : span.LengthUs * perUs, isBreak);
            segments.Add(segment);
            x = segment.End;
        }

        return new TimeScale(segments.ToImmutable(), width, perUs * SecondUs);
    }

    /// <summary>Within the picture, whatever the time.</summary>
    public double X(long timeUs)
    {
        foreach (var segment in Segments)
        {
            if (timeUs < segment.Span.UntilUs)
            {
                var share = Math.Max(0, timeUs - segment.Span.FromUs) / (double)segment.Span.LengthUs;
                return segment.X + (share * segment.Width);
            }
        }

        return Width;
    }

    private static List<StorySpan> Merge(IEnumerable<StorySpan> busy, StorySpan whole)
    {
        var merged = new List<StorySpan>();
        foreach (var span in busy.Select(span => span.And(whole)).OfType<StorySpan>().OrderBy(span => span.FromUs))
        {
            if (merged is [.., var last] && span.FromUs <= last.UntilUs)
            {
                merged[^1] = last with { UntilUs = Math.Max(last.UntilUs, span.UntilUs) };
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged;
    }

    private static List<(StorySpan Span, bool IsBreak)> Stretches(List<StorySpan> busy, StorySpan whole)
    {
        var least = Math.Clamp(busy.Sum(span => span.LengthUs) * ShortestBreakShare, ShortestBreakUs, LongestStretchUs);
        var breaks = Silences(busy, whole).Where(silence => silence.LengthUs > least).OrderByDescending(silence => silence.LengthUs).Take(MaxBreaks).OrderBy(silence => silence.FromUs);
        var stretches = new List<(StorySpan, bool)>();
        var from = whole.FromUs;
        foreach (var silence in breaks)
        {
            if (from < silence.FromUs)
            {
                stretches.Add((new StorySpan(from, silence.FromUs), false));
            }

            stretches.Add((silence, true));
            from = silence.UntilUs;
        }

        if (from < whole.UntilUs)
        {
            stretches.Add((whole with { FromUs = from }, false));
        }

        return stretches;
    }

    private static IEnumerable<StorySpan> Silences(List<StorySpan> busy, StorySpan whole)
    {
        var from = whole.FromUs;
        foreach (var span in busy.Append(new StorySpan(whole.UntilUs, whole.UntilUs)))
        {
            if (from < span.FromUs)
            {
                yield return new StorySpan(from, span.FromUs);
            }

            from = Math.Max(from, span.UntilUs);
        }
    }
}
