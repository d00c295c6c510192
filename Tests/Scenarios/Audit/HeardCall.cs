using System.Globalization;
using System.Text;
using System.Text.Json;
using Mcptt.Ue.Audio;

namespace Mcptt.Scenarios.Audit;

/// <summary>What can be heard in the WAV of a call, in figures: a recording is not kept in the documents, what is in it is.</summary>
internal static class HeardCall
{
    /// <summary>Above this is voice, below it is silence.</summary>
    private const int Quiet = 200;

    /// <summary>20 ms, as a packet has.</summary>
    private const int FrameSamples = 160;

    /// <summary>Where one burst follows another at once, their last and first packets may overlap by a little, and add up.</summary>
    private const int Edge = 3 * FrameSamples;

    private const double SecondUs = 1_000_000;

    /// <param name="recordings">Of the story, in the order of time.</param>
    public static string Facts(string wav, JsonElement recordings)
    {
        Assert.True(WavFile.TryRead(wav, out var samples, out var fault), fault);
        var bursts = recordings.EnumerateArray().Select(recording => (From: At(recording, "from"), To: At(recording, "to"), Number: recording.GetProperty("burst").GetInt32())).ToList();
        var facts = new StringBuilder();
        facts.Append(CultureInfo.InvariantCulture, $"call.wav: {Seconds(samples.Length)}, {WavFile.SampleRate} Hz, mono, 16 bit\n");
        var voice = samples.Chunk(FrameSamples).Where(frame => frame.Any(sample => Math.Abs((int)sample) > Quiet)).Sum(frame => frame.Length);
        facts.Append(CultureInfo.InvariantCulture, $"voice: {Seconds(voice)}, silence: {Seconds(samples.Length - voice)}\n");
        foreach (var (from, to, number) in bursts)
        {
            var part = samples[Sample(from - bursts[0].From)..Math.Min(samples.Length, Sample(to - bursts[0].From))];
            facts.Append(CultureInfo.InvariantCulture, $"burst {number}: {Seconds(part.Length)}, peak {Peak(part[Edge..^Edge])}\n");
        }

        return facts.ToString();
    }

    private static double At(JsonElement recording, string name) => (recording.GetProperty(name).GetDateTimeOffset() - DateTimeOffset.UnixEpoch).TotalMicroseconds / SecondUs;

    private static int Sample(double seconds) => Math.Max(0, (int)(seconds * WavFile.SampleRate));

    private static string Seconds(int samples) => string.Create(CultureInfo.InvariantCulture, $"{samples / (double)WavFile.SampleRate:0.00} s");

    // Full scale is 0 dB.
    private static string Peak(short[] samples) =>
        string.Create(CultureInfo.InvariantCulture, $"{20 * Math.Log10(samples.Max(sample => Math.Abs((int)sample)) / (double)short.MaxValue):0} dBFS");
}
