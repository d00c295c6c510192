using Mcptt.Api.Endpoints;
using Mcptt.Api.Events;
using Mcptt.Api.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mcptt.Api;

/// <summary>The management API under /v1: an HTTP server over the command sink, with nothing of its own to remember.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    // A client that sends its header or body slower than this is cut off (Kestrel's default rates hold for bodies).
    private static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(60);

    private readonly WebApplication _application;
    private readonly EventStreams _events;

    public ApiServer(ApiOptions options, ApiPorts ports, TimeProvider time, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Services.AddSingleton(loggers).AddSingleton<IHostLifetime, OwnLifetime>().AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi("openapi", OpenApiDescription.Configure);
        _application = builder.Build();
        _application.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerExceptionAsync });
        _application.UseMiddleware<AccessControl>(options, loggers.CreateLogger<AccessControl>());
        _application.UseStatusCodePages(context => ExplainAsync(context.HttpContext));
        _application.UseRouting();
        var commands = new ApiCommands(ports.Commands, time, options);
        var paging = new Paging(ports.Catalog);
        var root = _application.MapGroup("/v1");
        new GroupEndpoints(commands, paging).Map(root);
        new UserEndpoints(new UserProvisioning(commands, options), paging).Map(root);
        new CallEndpoints(commands, paging).Map(root);
        var history = new AuditEndpoints(ports.Audit, options, time, loggers.CreateLogger<AuditEndpoints>());
        history.Map(root);
        new CallStoryEndpoints(ports.Stories, history.GuardAsync).Map(root);
        new HealthEndpoints(ports.Health, options).Map(root);
        new MetricsEndpoints(ports.Metrics).Map(_application);
        new NodeEndpoints(ports.Nodes, options).Map(root);
        _events = new EventStreams(options, new ServerEvents(ports.Audit, ports.Nodes, options, time), time, loggers.CreateLogger<EventStreams>(), _application.Lifetime.ApplicationStopping);
        new EventEndpoints(_events).Map(root);
        _application.MapOpenApi("/v1/{documentName}.json");
    }

    /// <summary>Where it listens, once started.</summary>
    public Uri Address =>
        new(_application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Throws <see cref="IOException"/> when the address is taken or is none of this machine.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    /// <summary>Requests under way are finished until the token ends it.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _events.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = RequestHeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = KeepAliveTimeout;
        kestrel.Listen(options.Endpoint, listen => listen.Protocols = HttpProtocols.Http1);
    }

    // What routing refuses comes without a body.
    private static Task ExplainAsync(HttpContext http) =>
        http.Response.StatusCode switch
        {
            StatusCodes.Status405MethodNotAllowed => Problems.WriteAsync(
                http,
                StatusCodes.Status405MethodNotAllowed,
                "method-not-allowed",
                "This address does not take this method",
                $"{http.Request.Method} is not possible here; the header Allow lists what is"
            ),
            StatusCodes.Status415UnsupportedMediaType => Problems.NotJson().ExecuteAsync(http),
            StatusCodes.Status404NotFound => Problems.WriteAsync(
                http,
                StatusCodes.Status404NotFound,
                "no-such-address",
                "Not found",
                $"{http.Request.Path} is no address of this API; /v1/openapi.json lists them"
            ),
            var status => Problems.WriteAsync(http, status, "refused", "The request was refused", $"status {status}"),
        };

    private static Task AnswerExceptionAsync(HttpContext http)
    {
        if (http.Features.Get<IExceptionHandlerFeature>()?.Error is Microsoft.AspNetCore.Http.BadHttpRequestException bad)
        {
            return Problems.WriteAsync(http, bad.StatusCode, "bad-request", "The request cannot be read", bad.Message);
        }

        return Problems.WriteAsync(
            http,
            StatusCodes.Status500InternalServerError,
            "internal",
            "The server failed at this request",
            "the server's log says why"
        );
    }

    /// <summary>The program decides when it ends, not the web server.</summary>
    private sealed class OwnLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
