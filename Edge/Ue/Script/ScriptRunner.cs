using Mcptt.Ue.Audio;
using Mcptt.Ue.Events;

namespace Mcptt.Ue.Script;

/// <summary>Runs commands against a client, one after the other. Gives the first failure as a sentence, or null.</summary>
public sealed class ScriptRunner(IScriptedUe ue, TimeProvider time, Action<string> print)
{
    // About as fast as a thumb.
    private static readonly TimeSpan PressAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly EventPlace _place = new(ue.Events.End);

    public async Task<string?> RunAsync(IEnumerable<ScriptCommand> script, CancellationToken cancellationToken)
    {
        foreach (var command in script)
        {
            if (await RunAsync(command, cancellationToken) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    public async Task<string?> RunAsync(ScriptCommand command, CancellationToken cancellationToken)
    {
        var failure = await DoAsync(command, cancellationToken);
        return failure is null || command.MayFail ? null : $"line {command.Line}: {failure}";
    }

    private Task<string?> DoAsync(ScriptCommand command, CancellationToken cancellationToken) =>
        command switch
        {
            ScriptCommand.Register register => ue.RegisterAsync(register.Expires, cancellationToken),
            ScriptCommand.Unregister => ue.UnregisterAsync(cancellationToken),
            ScriptCommand.Settings settings => ue.PublishSettingsAsync(settings.ManualAnswer, cancellationToken),
            ScriptCommand.Subscribe => ue.SubscribeAffiliationAsync(cancellationToken),
            ScriptCommand.Affiliate affiliate => ue.AffiliateAsync(affiliate.Groups, cancellationToken),
            ScriptCommand.Call call => CallAsync(call, cancellationToken),
            ScriptCommand.Cancel => ue.CancelCallAsync(cancellationToken),
            ScriptCommand.Answer => ue.AnswerAsync(cancellationToken),
            ScriptCommand.Reject reject => ue.RejectAsync(reject.Status, cancellationToken),
            ScriptCommand.HangUp => ue.HangUpAsync(cancellationToken),
            ScriptCommand.Hold => ue.HoldAsync(held: true, cancellationToken),
            ScriptCommand.Resume => ue.HoldAsync(held: false, cancellationToken),
            ScriptCommand.Renegotiate renegotiate => ue.RenegotiateAsync(renegotiate.Offer, cancellationToken),
            ScriptCommand.Declare declare => ue.DeclareAsync(declare.Declaration, declare.ImplicitFloorRequest, cancellationToken),
            ScriptCommand.Talk talk => ue.TalkWithoutPermissionAsync(talk.Duration, cancellationToken),
            ScriptCommand.KeepPressing press => KeepPressingAsync(press, cancellationToken),
            ScriptCommand.Wait wait => WaitAsync(wait.Duration, cancellationToken),
            ScriptCommand.Expect expect => ExpectAsync(expect, cancellationToken),
            ScriptCommand.ExpectNo expect => ExpectNoAsync(expect, cancellationToken),
            _ => Task.FromResult(DoAtOnce(command)),
        };

    private string? DoAtOnce(ScriptCommand command)
    {
        switch (command)
        {
            case ScriptCommand.Press press:
                return ue.Press(press.Wish);
            case ScriptCommand.Release:
                return ue.Release();
            case ScriptCommand.AskQueuePosition:
                return ue.AskQueuePosition();
            case ScriptCommand.Record record:
                return ue.Record(record.File);
            case ScriptCommand.Flood flood:
                return ue.Flood(flood.Requests);
            case ScriptCommand.Tone tone:
                ue.Say(law => new ToneSource(tone.FrequencyHz, (uint)tone.FrequencyHz, law));
                return null;
            case ScriptCommand.Play play:
                return Play(play.File);
            case ScriptCommand.Print text:
                print(text.Text);
                return null;
            default:
                throw new InvalidOperationException($"no procedure for {command}");
        }
    }

    private string? Play(string file)
    {
        if (!WavFile.TryRead(file, out var samples, out var fault))
        {
            return fault;
        }

        ue.Say(law => new SampleSource(samples, law));
        return null;
    }

    // With "try" the script goes on while the call is being set up, so that it can be cancelled.
    private Task<string?> CallAsync(ScriptCommand.Call call, CancellationToken cancellationToken)
    {
        var pending = ue.CallAsync(call.Group, call.ImplicitFloorRequest, call.Declaration, cancellationToken);
        return call.MayFail ? Task.FromResult<string?>(null) : pending;
    }

    private async Task<string?> WaitAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        await Task.Delay(duration, time, cancellationToken);
        return null;
    }

    private async Task<string?> KeepPressingAsync(ScriptCommand.KeepPressing press, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var left = press.Within; left > TimeSpan.Zero; left = press.Within - time.GetElapsedTime(start))
        {
            if (ue.Press(press.Wish) is { } failure)
            {
                return failure;
            }

            var answer = await ue.Events.WaitForAsync(
                _place, happened => happened.Word is "granted" or "denied" or "not-permitted" or "unanswered" or "ended", left, cancellationToken);
            switch (answer?.Word)
            {
                case "granted":
                    return null;
                case "ended":
                    return "not granted: the call ended";
            }

            await Task.Delay(PressAgainAfter, time, cancellationToken);
        }

        return $"not granted within {Text(press.Within)}";
    }

    private async Task<string?> ExpectAsync(ScriptCommand.Expect expect, CancellationToken cancellationToken)
    {
        var start = _place.Number;
        var found = await ue.Events.WaitForAsync(_place, happened => Fits(happened, expect.Word, expect.Conditions), expect.Within, cancellationToken);
        if (found is not null)
        {
            return null;
        }

        var seen = ue.Events.Since(start).Select(happened => happened.Word).Where(word => !word.StartsWith("floor-", StringComparison.Ordinal));
        return $"expected {Text(expect.Word, expect.Conditions)} within {Text(expect.Within)}; happened: {string.Join(", ", seen)}";
    }

    private async Task<string?> ExpectNoAsync(ScriptCommand.ExpectNo expect, CancellationToken cancellationToken)
    {
        var found = await ue.Events.WaitForAsync(_place, happened => Fits(happened, expect.Word, expect.Conditions), expect.During, cancellationToken);
        return found is null ? null : $"expected no {Text(expect.Word, expect.Conditions)} for {Text(expect.During)}; happened: {found}";
    }

    private static bool Fits(UeEvent happened, string word, IReadOnlyList<KeyValuePair<string, string>> conditions) =>
        happened.Word == word && conditions.All(condition => happened.Has(condition.Key, condition.Value));

    private static string Text(string word, IReadOnlyList<KeyValuePair<string, string>> conditions) =>
        word + string.Concat(conditions.Select(condition => $" {condition.Key} {condition.Value}"));

    private static string Text(TimeSpan duration) => $"{duration.TotalSeconds:0.###}s";
}
