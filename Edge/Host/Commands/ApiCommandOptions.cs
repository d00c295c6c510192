using System.CommandLine;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Commands;

/// <summary>Options of every command that asks a running server, and what happens when it cannot be asked.</summary>
internal sealed class ApiCommandOptions
{
    public const string DefaultAddress = "http://127.0.0.1:7060";
    private const string TokenVariable = "MCPTT_API_TOKEN";

    private readonly CommandContext _context;

    private readonly Option<string?> _api = new("--api")
    {
        Description = $"Address of the server's API (also {ConfigurationEnvironment.Api}) [default: {DefaultAddress}]",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<FileInfo?> _tokenFile = new("--token-file")
    {
        Description = $"File with the API's token (also the variable {TokenVariable})",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON", Recursive = true };

    private ApiCommandOptions(CommandContext context) => _context = context;

    public CommandContext Context => _context;

    public static ApiCommandOptions AddTo(Command command, CommandContext context)
    {
        var options = new ApiCommandOptions(context);
        command.Options.Add(options._api);
        command.Options.Add(options._tokenFile);
        command.Options.Add(options._json);
        return options;
    }

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Runs what a command does with the API, and turns its failures into messages and exit codes.</summary>
    public void SetAction(Command command, Func<ParseResult, ApiClient, Screen, CancellationToken, Task> action) =>
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var screen = new Screen(_context);
                try
                {
                    using var client = Connect(parsed);
                    await action(parsed, client, screen, cancellationToken);
                    return ExitCodes.Success;
                }
                catch (FailedException exception)
                {
                    screen.Error(exception.Message);
                    return ExitCodes.Failed;
                }
                catch (UsageException exception)
                {
                    screen.Error(exception.Message);
                    return ExitCodes.Usage;
                }
                catch (ApiRefusedException exception)
                {
                    screen.Error(exception.Message);
                    return ExitCodes.Failed;
                }
                catch (ApiUnreachableException exception)
                {
                    screen.Error($"{exception.Message}\nIs \"mcptt serve\" running? Name its address with --api or {ConfigurationEnvironment.Api}.");
                    return ExitCodes.Unreachable;
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return ExitCodes.Failed;
                }
            }
        );

    private ApiClient Connect(ParseResult parsed)
    {
        var written = parsed.GetValue(_api) ?? _context.Environment.GetValueOrDefault(ConfigurationEnvironment.Api) ?? DefaultAddress;
        if (!Uri.TryCreate(written, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new UsageException($"\"{written}\" is no address of the API; write it as {DefaultAddress}");
        }

        return new ApiClient(address, Token(parsed), _context.Time);
    }

    private string Token(ParseResult parsed)
    {
        if (parsed.GetValue(_tokenFile) is not { } file)
        {
            return _context.Environment.GetValueOrDefault(TokenVariable, "");
        }

        try
        {
            return File.ReadAllText(file.FullName).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the token cannot be read: {exception.Message}");
        }
    }
}

/// <summary>The user asked for something that cannot be; the message says what to write instead.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What was asked for was done, and its outcome is bad.</summary>
internal sealed class FailedException(string message) : Exception(message);

/// <summary>What is kept is missing, or is not what the journal says of it.</summary>
internal sealed class TamperedException(string message) : Exception(message);
