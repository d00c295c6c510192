using System.Diagnostics.Metrics;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Composition;

/// <summary>The seals of this server: key and service, or neither where no key is configured.</summary>
internal sealed class Sealing : IAsyncDisposable
{
    public const string NoKey = "the journal is not sealed: there is no key (audit.sealKey; make one with \"mcptt audit keygen\")";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly SealKey? _key;
    private readonly ILogger _logger;
    private SealingService? _service;
    private string _status = NoKey;

    private Sealing(SealKey? key, ILogger logger)
    {
        _key = key;
        _logger = logger;
    }

    /// <summary>For people.</summary>
    public string Status => _service?.Status ?? _status;

    /// <summary>Throws <see cref="StartupException"/> when there is a key and it cannot be used: nobody must believe that the journal is sealed when it is not.</summary>
    public static Sealing Load(ServerOptions options, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<Sealing>();
        if (!options.HasActors)
        {
            return new Sealing(null, logger) { _status = "nodes with the role actors seal" };
        }

        if (options.Audit.SealKey.Length == 0)
        {
            logger.LogWarning("{Warning}", NoKey);
            return new Sealing(null, logger);
        }

        try
        {
            var password = options.Audit.SealKeyPasswordFile is { Length: > 0 } file ? File.ReadLines(file).FirstOrDefault("") : null;
            var key = SealKey.Load(options.Audit.SealKey, password);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(options.Audit.SealKey) & Others) != 0)
            {
                logger.LogWarning("{Path}: others than its owner may read or write this private key; chmod 600", options.Audit.SealKey);
            }

            return new Sealing(key, logger);
        }
        catch (Exception failure) when (failure is SealKeyException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{failure.Message} (audit.sealKey, audit.sealKeyPasswordFile)", failure);
        }
    }

    public void Start(JournalLocation location, IJournal journal, ServerOptions options, TimeProvider time, ILoggerFactory loggers, IMeterFactory? meters = null)
    {
        if (_key is not null)
        {
            _service = new SealingService(journal, _key, PartOptions.OfSealer(options) with { Meters = meters }, time, loggers.CreateLogger<SealingService>(), location.Duty(JournalWork.Sealing));
            _service.Start();
            _logger.LogInformation("The journal is sealed with key {KeyId}", _key.KeyId);
        }
    }

    /// <summary>When nothing writes to the journal any more: the last seal.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _service?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _key?.Dispose();
    }
}
