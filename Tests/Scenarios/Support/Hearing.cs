namespace Mcptt.Scenarios.Support;

/// <summary>Who heard whom: byte for byte, by the ledger that every phone's sender and receiver write.</summary>
internal static class Hearing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>All frames that the talker sent, each once.</summary>
    public static async Task HeardAllAsync(this Scene scene, Phone talker, params Phone[] listeners)
    {
        foreach (var listener in listeners)
        {
            await UntilAsync(() => scene.Ledger.Of(listener.User, talker.User).DistinctFrames == Sent(scene, talker));
            var heard = scene.Ledger.Of(listener.User, talker.User);
            Assert.True(Sent(scene, talker) > 0, $"{talker.User} sent nothing");
            Assert.Equal((Sent(scene, talker), Sent(scene, talker)), (heard.DistinctFrames, heard.Frames));
            Assert.Equal(0, scene.Ledger.Of(listener.User, null).Frames);
        }
    }

    public static int FramesHeard(this Scene scene, Phone talker, Phone listener) => scene.Ledger.Of(listener.User, talker.User).Frames;

    public static Task UntilAsync(Func<bool> condition, TimeSpan? patience = null) => UntilAsync(() => Task.FromResult(condition()), patience);

    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        var end = DateTimeOffset.UtcNow + (patience ?? Patience);
        while (!await condition() && DateTimeOffset.UtcNow < end)
        {
            await Task.Delay(Look);
        }
    }

    private static int Sent(Scene scene, Phone talker) => scene.Ledger.SentFrames.GetValueOrDefault(talker.User);
}
