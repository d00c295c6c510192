using System.Globalization;
using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Protocol.Messages;
using Microsoft.AspNetCore.Http;

namespace Mcptt.Api;

/// <summary>Answers that say what went wrong (RFC 9457). The type is a name that programs may rely on.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";
    private const string TypePrefix = "urn:mcptt:problem:";

    public static IResult Faults(IReadOnlyList<JsonFault> faults) =>
        Of(
            StatusCodes.Status400BadRequest,
            "invalid-document",
            "The document is not valid",
            string.Join("\n", faults.Select(fault => fault.ToString())),
            faults
        );

    public static IResult Parameter(string name, string problem, string fix) => Faults([new JsonFault(name, problem, fix)]);

    public static IResult NotJson() =>
        Of(StatusCodes.Status415UnsupportedMediaType, "not-json", "The body is not JSON", "send it with \"Content-Type: application/json\"");

    public static IResult NotFound(string type, string detail) => Of(StatusCodes.Status404NotFound, type, "Not found", detail);

    public static IResult Of(int status, string type, string title, string detail, IReadOnlyList<JsonFault>? faults = null) =>
        Results.Json(Model(status, type, title, detail, faults), ApiJson.Options, ContentType, status);

    /// <summary>What to answer when the reply is not <c>accepted</c>.</summary>
    public static IResult FromReply(Reply reply, HttpContext http) =>
        reply.OutcomeCase switch
        {
            Reply.OutcomeOneofCase.Rejection => Rejected(reply.Rejection),
            Reply.OutcomeOneofCase.Unavailable => Unavailable(reply.Unavailable, http),
            _ => Of(StatusCodes.Status500InternalServerError, "no-answer", "The server gave no answer", "the reply was empty"),
        };

    public static Task WriteAsync(HttpContext http, int status, string type, string title, string detail) =>
        Of(status, type, title, detail).ExecuteAsync(http);

    private static IResult Rejected(Rejection rejection) =>
        Of(Status(rejection.Code), KebabCase(rejection.Code.ToString()), Title(rejection.Code), rejection.Detail);

    private static IResult Unavailable(Unavailable unavailable, HttpContext http)
    {
        var status = unavailable.Reason switch
        {
            UnavailableReason.Deadline => StatusCodes.Status504GatewayTimeout,
            UnavailableReason.RecoveryFailed => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status503ServiceUnavailable,
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, unavailable.RetryAfterS).ToString(CultureInfo.InvariantCulture);
        }

        var detail = unavailable.Detail.Length > 0 ? unavailable.Detail : "try again";
        return Of(status, KebabCase(unavailable.Reason.ToString()), "The server cannot do this now", detail);
    }

    private static int Status(RejectionCode code) =>
        code switch
        {
            RejectionCode.InvalidRequest => StatusCodes.Status400BadRequest,
            RejectionCode.UserUnknown
            or RejectionCode.NotRegistered
            or RejectionCode.GroupUnknown
            or RejectionCode.CallUnknown
            or RejectionCode.DialogUnknown => StatusCodes.Status404NotFound,
            RejectionCode.NotAuthorised => StatusCodes.Status403Forbidden,
            RejectionCode.Conflict => StatusCodes.Status412PreconditionFailed,
            RejectionCode.NoResources => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status409Conflict,
        };

    private static string Title(RejectionCode code) =>
        Status(code) switch
        {
            StatusCodes.Status400BadRequest => "The request is not valid",
            StatusCodes.Status404NotFound => "Not found",
            _ => "The request was refused",
        };

    private static string KebabCase(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) ? (index > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    private static ProblemModel Model(int status, string type, string title, string detail, IReadOnlyList<JsonFault>? faults) =>
        new()
        {
            Type = TypePrefix + type,
            Title = title,
            Status = status,
            Detail = detail,
            Faults = faults is null
                ? null
                :
                [
                    .. faults.Select(fault => new FaultModel
                    {
                        Field = fault.Field,
                        Problem = fault.Problem,
                        Fix = fault.Fix,
                        Line = fault.Line > 0 ? fault.Line : null,
                        Column = fault.Column > 0 ? fault.Column : null,
                    }),
                ],
        };
}
