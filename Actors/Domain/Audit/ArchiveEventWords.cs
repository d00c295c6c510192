using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

internal static class ArchiveEventWords
{
    public static Told? Tell(ArchiveEvent happened) =>
        happened.BodyCase switch
        {
            ArchiveEvent.BodyOneofCase.CallsArchived => Moved(happened.CallsArchived),
            _ => null,
        };

    private static Told Moved(CallsArchived archived)
    {
        var calls = archived.Calls == 1 ? "1 call" : string.Create(CultureInfo.InvariantCulture, $"{archived.Calls} calls");
        var events = archived.Rows == 1 ? "1 event" : string.Create(CultureInfo.InvariantCulture, $"{archived.Rows} events");
        return new($"{calls} with {events} went from the journal into the archive {Words.Or(archived.File, "without a name")}.");
    }
}
