using System.Globalization;
using System.Security.Cryptography;
using Mcptt.Actors.Journals;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Audit;

/// <summary>
/// Seals the journal while the server runs, and once more when it stops. Whatever goes wrong here is logged, counted and tried again ever
/// more rarely; no call waits for it or learns of it. Of several servers that share a journal one seals. The journal and the key are the caller's to dispose, after this.
/// </summary>
public sealed class SealingService : IAsyncDisposable
{
    private const int RunNameBytes = 8;

    /// <summary>A seal that covers one row only, that of another seal, would call for the next without end.</summary>
    private const int LeastEvents = 2;

    /// <summary>Lines that are written and flushed together when many receipts are missing.</summary>
    private const int ReceiptsAtOnce = 500;

    private readonly IJournal _journal;
    private readonly SealerOptions _options;
    private readonly IJournalDuty _duty;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Sealer _sealer;
    private readonly SealReceiptFile? _receipts;
    private readonly SealMetrics _metrics;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private ulong? _receiptsTo;
    private bool _waits;
    private volatile string _failure = "";
    private volatile string _warning = "";
    private volatile bool _elsewhere;

    public SealingService(IJournal journal, SealKey key, SealerOptions options, TimeProvider time, ILogger<SealingService> logger, IJournalDuty? duty = null)
    {
        _journal = journal;
        _duty = duty ?? SoleDuty.Instance;
        _options = options with { EveryEvents = Math.Clamp(options.EveryEvents, LeastEvents, SealLimits.Rows), ChainLimit = Math.Clamp(options.ChainLimit, 2, SealLimits.Chains) };
        _time = time;
        _logger = logger;
        _sealer = new Sealer(journal, key, _options, time, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RunNameBytes)));
        _receipts = options.ReceiptsPath.Length > 0 ? new SealReceiptFile(options.ReceiptsPath) : null;
        _metrics = new SealMetrics(options.Meters, () => _waits ? Math.Max(0, (_time.GetUtcNow() - _sealer.SealedAt).TotalSeconds) : 0);
    }

    /// <summary>For people: the last seal, and what hinders the next one.</summary>
    public string Status
    {
        get
        {
            var last = _sealer.Number == 0
                ? "no seal yet"
                : string.Create(CultureInfo.InvariantCulture, $"seal {_sealer.Number} of {_sealer.SealedAt:yyyy-MM-dd HH:mm:ss}Z, up to ordering {_sealer.SealedTo}");
            return _elsewhere ? "another server seals" : string.Join("; ", ((string[])[last, _failure, _warning]).Where(text => text.Length > 0));
        }
    }

    /// <summary>Failures since the start.</summary>
    internal long Failures => _metrics.Failures;

    public void Start() => _running = RunAsync();

    /// <summary>Ends the seals of the running server and makes the last one. To be called when nothing writes to the journal any more.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await EndAsync();
        try
        {
            if (await _duty.IsMineAsync(cancellationToken))
            {
                await SealAllAsync(cancellationToken);
            }
        }
        catch (Exception failure)
        {
            // Supervision: the next start seals what is left.
            Fail(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _duty.DisposeAsync();
        _stopping.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Seals if it is time to. Throws what hinders it.</summary>
    internal async Task RoundAsync(CancellationToken cancellationToken)
    {
        _elsewhere = !await _duty.IsMineAsync(cancellationToken);
        if (_elsewhere)
        {
            _waits = false;
            return;
        }

        var end = await _journal.ReadLastOrderingAsync(cancellationToken);
        if (_sealer.SealedTo is null)
        {
            await _sealer.FollowAsync(cancellationToken);
        }

        var waiting = end - Math.Max(_sealer.SealedTo ?? 0, _sealer.QuietTo);
        _waits = waiting > 0;
        if (_waits && (waiting >= _options.EveryEvents || _time.GetUtcNow() - _sealer.SealedAt >= _options.Every))
        {
            await SealAllAsync(cancellationToken);
        }
        else if (_receiptsTo is null)
        {
            await WriteReceiptsAsync(cancellationToken);
        }
    }

    private async Task RunAsync()
    {
        var retry = _options.RetryFirst;
        while (!_stopping.IsCancellationRequested)
        {
            var wait = _options.Poll;
            try
            {
                await RoundAsync(_stopping.Token);
                retry = _options.RetryFirst;
                if (_failure.Length > 0)
                {
                    _failure = "";
                    _logger.LogInformation("The journal is sealed again");
                }
            }
            catch (Exception failure) when (!_stopping.IsCancellationRequested)
            {
                // Supervision: calls do not depend on seals.
                Fail(failure);
                (wait, retry) = (retry, retry * 2 < _options.RetryMax ? retry * 2 : _options.RetryMax);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(wait, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SealAllAsync(CancellationToken cancellationToken)
    {
        for (var outcome = SealOutcome.SealedFull; outcome is SealOutcome.SealedFull or SealOutcome.Overtaken;)
        {
            outcome = await _sealer.SealAsync(cancellationToken);
            if (outcome is SealOutcome.Sealed or SealOutcome.SealedFull)
            {
                _metrics.Sealed();
            }
        }

        _waits = false;
        await WriteReceiptsAsync(cancellationToken);
    }

    // Also those of seals that another node made, and of this one before a crash.
    private async Task WriteReceiptsAsync(CancellationToken cancellationToken)
    {
        if (_receipts is null)
        {
            return;
        }

        var to = _receiptsTo ??= await _receipts.ReadLastAsync(cancellationToken);
        if (to > _sealer.Number && _warning.Length == 0)
        {
            _warning = $"THE JOURNAL WAS CUT OFF: there is a receipt of seal {to}, and the journal ends with seal {_sealer.Number}; run \"mcptt audit verify --receipts\"";
            _logger.LogCritical("{Warning}", _warning);
        }

        var missing = new List<SealReceipt>();
        await foreach (var stored in _journal.ReadActorAsync(SealLimits.PersistenceId, (long)to + 1, cancellationToken))
        {
            if (SealRecord.TryRead(stored, out var envelope) && envelope.Event.Seal is { } seal)
            {
                missing.Add(SealReceipt.Of(seal));
            }

            if (missing.Count == ReceiptsAtOnce)
            {
                await AppendAsync(missing, cancellationToken);
            }
        }

        await AppendAsync(missing, cancellationToken);

        async Task AppendAsync(List<SealReceipt> lines, CancellationToken stop)
        {
            if (lines.Count > 0)
            {
                await _receipts.AppendAsync(lines, stop);
                _receiptsTo = lines[^1].Number;
                lines.Clear();
            }
        }
    }

    private void Fail(Exception failure)
    {
        _metrics.Failed();
        if (_failure.Length == 0)
        {
            _logger.LogError("The journal is not sealed: {Reason}; it is tried again", failure.Message);
        }

        _failure = $"not sealed: {failure.Message}";
    }

    private async Task EndAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
