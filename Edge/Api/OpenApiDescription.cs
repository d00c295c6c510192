using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Mcptt.Api;

/// <summary>What /v1/openapi.json says about the API as a whole.</summary>
internal static class OpenApiDescription
{
    private const string BearerScheme = "bearer";

    public static void Configure(OpenApiOptions options) =>
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Mcptt.Akka management API",
                    Version = "v1",
                    Description =
                        "Identities in addresses are URL-encoded SIP URIs. Errors are problem details (RFC 9457). "
                        + "Changes are answered when they are durable; give an Idempotency-Key to repeat one safely.",
                };
                document.Servers = [];
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [BearerScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = BearerScheme, Description = "The value of api.token, or a token of api.tokens with the role that the address needs: auditor below /v1/audit, operator elsewhere." },
                };
                return Task.CompletedTask;
            }
        );
}
