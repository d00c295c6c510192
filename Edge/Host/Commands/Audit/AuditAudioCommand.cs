using System.CommandLine;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Host.Recordings;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit audio CALL</summary>
internal sealed class AuditAudioCommand
{
    private readonly AuditSource _source;
    private readonly Argument<string> _call = CallArgument.Create();
    private readonly Option<FileInfo?> _output = new("--output", "-o") { Description = "call.wav for G.711, call.pcap for every codec; without it the recordings are listed and checked", HelpName = "FILE" };
    private readonly Option<uint[]> _bursts = new("--burst") { Description = "Only this recording, by its number in the list; may be repeated", HelpName = "N" };
    private readonly Option<string?> _talker = new("--talker") { Description = "Only what this user said", HelpName = "MCPTT-ID" };
    private readonly Option<string?> _from = new("--from") { Description = "Only what was heard from then on (UTC): 14:03:07 or 2026-11-21T14:03:07Z", HelpName = "TIME" };
    private readonly Option<string?> _to = new("--to") { Description = "Only what was heard until then", HelpName = "TIME" };
    private readonly Option<string?> _folder = new("--recordings") { Description = "Folder of recordings [default: recording.folder of the configuration; beside a journal that is named: recordings]", HelpName = "FOLDER" };
    private readonly Option<bool> _force = new("--force") { Description = "Overwrite FILE" };

    private AuditAudioCommand(AuditSource source) => _source = source;

    public static Command Create(AuditSource source)
    {
        var audio = new AuditAudioCommand(source);
        var command = new Command("audio", "Hear a recorded call: its recordings are checked against the journal's hashes and put together with their silence.")
        {
            audio._call, audio._output, audio._bursts, audio._talker, audio._from, audio._to, audio._folder, audio._force,
        };
        source.SetAction(command, audio.RunAsync);
        return command.WithExamples(
            "mcptt audit audio 3f2a9c                                   list the recordings and check each",
            "mcptt audit audio 3f2a9c -o call.wav                       the whole call, G.711",
            "mcptt audit audio 3f2a9c -o call.wav --from 14:03 --to 14:05",
            "mcptt audit audio 3f2a9c -o two.wav --burst 2 --burst 3",
            "mcptt audit audio 3f2a9c -o call.pcap                      any codec, for Wireshark");
    }

    private async Task RunAsync(ParseResult parsed, IJournalReader journal, Screen screen, CancellationToken cancellationToken)
    {
        var output = parsed.GetValue(_output);
        RefuseOutput(output, parsed.GetValue(_force));
        var recording = await FindAsync(journal, parsed.GetValue(_call) ?? "", cancellationToken);
        if (recording.Bursts.Count == 0)
        {
            throw new FailedException(
                recording.IsRecorded
                    ? $"call {recording.Call} has no recording: nobody talked, or \"mcptt audit show {recording.Call}\" says why"
                    : $"call {recording.Call} was not recorded: its group's document did not say \"recorded\": true");
        }

        var (chosen, window) = Choose(parsed, recording);
        if (output is not null)
        {
            RecordedCallFile.RefuseCodec(recording, output);
        }

        var folder = parsed.GetValue(_folder) ?? _source.RecordingFolder(parsed);
        var checkedOnes = await RecordingProgressBar.CheckAsync(_source.Context, chosen, speech => RecordingCheck.OfAsync(folder, speech, cancellationToken));
        Show(screen, recording, checkedOnes);
        if (output is not null)
        {
            screen.Line(await new RecordedCallFile(recording, window, output).WriteAsync([.. checkedOnes.Where(one => one.IsWhole)], cancellationToken));
        }

        Judge(screen, checkedOnes, output is not null);
    }

    private static void RefuseOutput(FileInfo? output, bool force)
    {
        if (output is null)
        {
            return;
        }

        if (!RecordedCallFile.IsKnown(output))
        {
            throw new UsageException($"{output.Name}: write a name that ends with .wav (G.711) or .pcap (every codec)");
        }

        if (output.Exists && !force)
        {
            throw new UsageException($"{output} exists: name another file, or give --force");
        }

        if (output.Directory is { Exists: false } folder)
        {
            throw new UsageException($"the folder {folder} does not exist: make it first");
        }
    }

    private static async Task<CallRecording> FindAsync(IJournalReader journal, string written, CancellationToken cancellationToken)
    {
        var call = await CallArgument.FindAsync(new CallStoryReader(journal), written, cancellationToken);
        return await CallRecording.ReadAsync(journal, call, cancellationToken) ?? throw new FailedException($"no call {call} in this journal");
    }

    private (IReadOnlyList<RecordedSpeech> Chosen, RecordingWindow Window) Choose(ParseResult parsed, CallRecording recording)
    {
        var startUs = recording.Bursts[0].Burst.StartedUs;
        var window = new RecordingWindow(TimeOf(parsed, _from, startUs) ?? 0, TimeOf(parsed, _to, startUs) ?? long.MaxValue);
        if (window.ToUs < window.FromUs)
        {
            throw new UsageException("--to is before --from");
        }

        var numbers = parsed.GetValue(_bursts) ?? [];
        if (numbers.Except(recording.Bursts.Select(speech => speech.Number)).ToList() is { Count: > 0 } unknown)
        {
            throw new UsageException($"the call has no recording {string.Join(", ", unknown)}; it has {recording.Bursts.Min(speech => speech.Number)} to {recording.Bursts.Max(speech => speech.Number)}");
        }

        var talker = parsed.GetValue(_talker);
        var chosen = recording.Bursts
            .Where(speech => (numbers.Length == 0 || numbers.Contains(speech.Number)) && (talker is null || speech.Talker == talker) && window.Touches(speech))
            .ToList();
        return chosen.Count > 0 ? (chosen, window) : throw new FailedException("no recording of the call is what was asked for; without --burst, --talker, --from and --to all are listed");
    }

    private static long? TimeOf(ParseResult parsed, Option<string?> option, long startUs)
    {
        if (parsed.GetValue(option) is not { } text)
        {
            return null;
        }

        return RecordingWindow.TryParse(text, startUs, out var timeUs) ? timeUs : throw new UsageException($"{option.Name} \"{text}\" is no time: write 14:03:07 or 2026-11-21T14:03:07Z (UTC)");
    }

    private static void Show(Screen screen, CallRecording recording, IReadOnlyList<CheckedRecording> recordings)
    {
        screen.Table(
            ["NUMBER", "HEARD FROM (UTC)", "SECONDS", "TALKER", "PACKETS", "MISSING", "FILE", "CHECK"],
            recordings.Select(one => (IReadOnlyList<string>)
            [
                $"{one.Speech.Number}",
                RecordedCallFile.Time(one.Speech.Burst.StartedUs),
                $"{(one.Speech.Burst.EndedUs - one.Speech.Burst.StartedUs) / 1e6:F1}",
                one.Speech.Who,
                $"{one.Speech.Burst.Packets}",
                one.Speech.Burst.Interrupted ? "unknown" : $"{one.Speech.Burst.Lost}",
                one.Speech.Burst.File,
                one.Verdict == RecordingVerdict.Whole && one.Speech.Burst.Interrupted ? "whole, interrupted" : one.Verdict.ToString().ToLowerInvariant(),
            ]));
        if (recording.MissingPackets > 0)
        {
            screen.Line($"{recording.MissingPackets} packets of the call were heard and are in no recording");
        }
    }

    private static void Judge(Screen screen, List<CheckedRecording> recordings, bool isWritten)
    {
        foreach (var one in recordings.Where(one => !one.IsWhole))
        {
            screen.Error($"{one.Verdict.ToString().ToUpperInvariant()}: recording {one.Speech.Number}: {one.Detail}");
        }

        if (recordings.Count(one => one.IsTampered) is > 0 and var tampered)
        {
            throw new TamperedException($"{tampered} of {recordings.Count} {(recordings.Count == 1 ? "recording" : "recordings")} {(tampered == 1 ? "is" : "are")} not what the journal says{(isWritten ? "; what was written lacks them" : "")}");
        }
    }
}
