using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Recording;

/// <summary>
/// What a run of this node left behind that was killed: reports that no call took are told, files that were being written are cut after their last whole
/// record, hashed, moved and told as interrupted.
/// </summary>
internal sealed class LeftBehind(RecordingFolder folder, RecordingReports reports, MediaNodeCounters counters, ILogger logger)
{
    private readonly IReadOnlyList<string> _reports = Look(folder, RecordingFolder.ReportExtension, logger);
    private readonly IReadOnlyList<string> _files = Look(folder, RecordingName.Extension, logger);

    public void Mend(Func<bool> stop)
    {
        foreach (var path in _reports.TakeWhile(_ => !stop()))
        {
            Guard(path, TellAgain);
        }

        // Those whose report was told are gone by now.
        foreach (var path in _files.TakeWhile(_ => !stop()).Where(File.Exists))
        {
            Guard(path, Mend);
        }
    }

    private static IReadOnlyList<string> Look(RecordingFolder folder, string extension, ILogger logger)
    {
        try
        {
            return folder.LeftBehind(extension);
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            logger.LogError(failure, "The folder of recordings {Folder} cannot be read", folder.Mine);
            return [];
        }
    }

    private void Guard(string path, Action<string> action)
    {
        try
        {
            action(path);
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure) || failure is InvalidProtocolBufferException)
        {
            logger.LogError(failure, "{Path} was left behind and cannot be dealt with; it stays", path);
        }
    }

    private void TellAgain(string path)
    {
        var underWay = path[..^RecordingFolder.ReportExtension.Length];
        var report = Command.Parser.ParseFrom(File.ReadAllBytes(path));
        if (report.Call?.RecordingClosed?.Burst is not { } burst)
        {
            // Killed while it was written; its file is still there and mended.
            File.Delete(path);
            return;
        }

        var finished = folder.PathOf(burst.File);
        if (File.Exists(underWay) && !File.Exists(finished))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(finished)!); // Two folders deep.
            File.Move(underWay, finished);
        }

        reports.Resume(report, path);
    }

    private void Mend(string path)
    {
        if (!RecordingName.TryParseUnderWay(Path.GetFileName(path), out var name))
        {
            logger.LogWarning("{Path} is not a recording; it stays", path);
            return;
        }

        var burst = new RecordedBurst { Leg = name.Leg, TalkersEpoch = name.Epoch, StartedUs = name.StartedUs, Interrupted = true };
        CutAfterLastWhole(path, burst);
        if (burst.Packets == 0)
        {
            File.Delete(path);
            counters.Add(MediaCounter.RecordingsFailed);
            var origin = new BurstOrigin(name.Call, "", name.Leg, "", name.Epoch, _ => default);
            reports.Broken(origin, RecordingFault.Interrupted, "the media node stopped before a packet was written");
            return;
        }

        burst.File = folder.Reserve(name);
        var report = reports.Closed(name.Call, "", burst);
        reports.Keep(report, RecordingFolder.ReportOf(path));
        File.Move(path, folder.PathOf(burst.File));
        counters.Add(MediaCounter.RecordingsFinished);
        reports.Send(report);
    }

    private static void CutAfterLastWhole(string path, RecordedBurst burst)
    {
        long whole = 0;
        if (PcapReader.TryOpen(File.OpenRead(path), out var reader, out _))
        {
            using (reader)
            {
                while (reader.TryNext())
                {
                    burst.Packets++;
                    burst.EndedUs = reader.TimeUs;
                }

                whole = reader.WholeOctets;
            }
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.SetLength(whole);
        file.Flush(flushToDisk: true);
        burst.Octets = (ulong)whole;
        burst.Sha256 = ByteString.CopyFrom(SHA256.HashData(file));
    }
}
