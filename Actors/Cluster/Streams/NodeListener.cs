using System.Net;
using Mcptt.Actors.Cluster.Certificates;
using Mcptt.Protocol.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cluster.Streams;

/// <summary>Takes the streams of other nodes: HTTP/2, one long POST each, requests in its body and replies in the answer's.</summary>
internal sealed class NodeListener(ClusterOptions options, NodeCertificates? certificates, INodeRequests requests, ILogger logger) : IAsyncDisposable
{
    public const string Path = "/mcptt/cluster/v1";
    public const string ContentType = "application/x-mcptt-cluster";

    private WebApplication? _application;

    /// <summary>What other nodes are told.</summary>
    public Uri Address { get; private set; } = new("http://unknown");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        if (certificates is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        _application = builder.Build();
        _application.MapPost(Path, ServeAsync);
        await _application.StartAsync(cancellationToken);
        var bound = _application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        var host = options.AdvertisedHost.Length > 0 ? options.AdvertisedHost : options.Listener.Address.ToString();
        Address = new UriBuilder(certificates is null ? "http" : "https", host, new Uri(bound).Port).Uri;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    private void Configure(KestrelServerOptions server)
    {
        server.Limits.MaxRequestBodySize = null;
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
        server.Limits.Http2.InitialConnectionWindowSize = options.FrameBytes * 4;
        server.Limits.Http2.InitialStreamWindowSize = options.FrameBytes * 4;
        server.Listen(options.Listener, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificates is not null)
            {
                listen.UseHttps(https =>
                {
                    https.ServerCertificateSelector = (_, _) => certificates.Own;

                    // Not by ClientCertificateMode and ClientCertificateValidation, which do not know who asks and do not hear of those that show nothing.
                    https.ClientCertificateMode = ClientCertificateMode.NoCertificate;
                    https.OnAuthenticate = (connection, tls) =>
                    {
                        tls.ClientCertificateRequired = true;
                        tls.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificates.IsOurs(certificate, $"A node at {AddressOf(connection)}");
                    };
                });
            }
        });
    }

    // Without the port, which is another one each time.
    private static string AddressOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "an unknown address";

    private async Task ServeAsync(HttpContext http)
    {
        if (http.Request.ContentType != ContentType)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = ContentType;
        await http.Response.StartAsync(http.RequestAborted);
        var replies = new FrameQueue(options);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var writing = replies.WriteAllAsync(http.Response.BodyWriter, ended.Token);
        try
        {
            while (await FrameCodec.ReadAsync(http.Request.BodyReader, options.MaxFrameBytes, ended.Token) is { } frame)
            {
                foreach (var request in frame.Requests)
                {
                    _ = AnswerAsync(request, replies, ended.Token);
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or InvalidDataException)
        {
            logger.LogInformation("The stream of another node ended: {Reason}", failure.Message);
        }
        finally
        {
            replies.Close();
            await ended.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AnswerAsync(NodeRequest request, FrameQueue replies, CancellationToken cancellationToken)
    {
        try
        {
            await replies.AddAsync(await requests.ServeAsync(request, cancellationToken));
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "A request of another node failed");
            await replies.AddAsync(new NodeReply { Id = request.Id });
        }
    }
}
