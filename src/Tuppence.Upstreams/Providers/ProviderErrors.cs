using System.Text;
using System.Text.Json;
using Tuppence.Messages.Errors;
using Tuppence.Messages.EventStream;

namespace Tuppence.Upstreams.Providers;

/// <summary>Puts the errors of clouds into the Messages API's form. Their words stay; name and status decide the type.</summary>
/// <remarks>
/// Forms: AWS <c>{"message":…}</c> with <c>x-amzn-errortype</c>, Google <c>{"error":{"code","message","status"}}</c>, or an array of one,
/// Azure <c>{"error":{"code","message"}}</c> or <c>{"statusCode","message"}</c>. Statuses stay, but for those that would mislead a
/// client of the Messages API: AWS's 403 for a credential that is wrong or expired is 401, and its 424 is 500.
/// Sources: https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html, https://google.aip.dev/193,
/// https://learn.microsoft.com/azure/ai-services/openai/reference (2026).
/// </remarks>
public static class ProviderErrors
{
    private const int MostWords = 4000;

    /// <summary>Reads an error body. Null where it is in the Messages API's form already, which passes as it is.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="name">Value of <c>x-amzn-errortype</c>, or null.</param>
    /// <param name="body">The body, uncompressed.</param>
    public static ProviderError? Read(int status, string? name, ReadOnlySpan<byte> body)
    {
        string? message = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            root = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
            var error = Member(root, "error") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
            if (Text(root, "type") == "error" && Text(error, "type") is not null && Text(error, "message") is not null)
            {
                return null;
            }

            message = Text(error, "message") ?? Text(error, "Message") ?? Text(root, "message") ?? Text(root, "Message") ?? Text(root, "error_description");
            name ??= Text(error, "status") ?? Text(error, "code") ?? Text(error, "__type") ?? Text(error, "type");
        }
        catch (JsonException)
        {
            // An edge server's page, or nothing at all: its text is all there is to say.
        }

        name = name is null ? null : Bare(name);
        status = StatusOf(name, status);
        return new ProviderError(status, TypeOf(name, status), message ?? Words(status, body));
    }

    /// <summary>An exception frame, or a fault in the frames, as the error that it means.</summary>
    public static ProviderError Of(StreamProblem problem)
    {
        if (problem.Name is null)
        {
            return new ProviderError(502, ErrorType.Api, $"The answer of the provider cannot be read: {problem.Message}. The text so far is not complete.");
        }

        var status = StatusOf(Bare(problem.Name), 0);
        return new ProviderError(status == 0 ? 500 : status, TypeOf(Bare(problem.Name), status == 0 ? 500 : status), problem.Message);
    }

    /// <summary>Whether an answer of AWS says that the credential is wrong or no longer valid.</summary>
    public static bool IsBadCredential(int status, string? name) => status == 403 && name is not null && StatusOf(Bare(name), status) == 401;

    // "ThrottlingException:http://…" and "com.amazonaws…#ThrottlingException" say the same as the name alone.
    private static string Bare(string name)
    {
        name = name.Split(':', 2)[0];
        name = name[(name.LastIndexOf('#') + 1)..];
        return name.EndsWith("Exception", StringComparison.OrdinalIgnoreCase) ? name[..^9] : name;
    }

    private static int StatusOf(string? name, int status) => name?.ToUpperInvariant() switch
    {
        "EXPIREDTOKEN" or "UNRECOGNIZEDCLIENT" or "INVALIDSIGNATURE" or "INCOMPLETESIGNATURE" or "MISSINGAUTHENTICATIONTOKEN" or "INVALIDCLIENTTOKENID" => 401,
        "SERVICEQUOTAEXCEEDED" or "THROTTLING" => status == 0 || status == 400 ? 429 : status,
        "MODELERROR" or "MODELSTREAMERROR" => status is 0 or 424 ? 500 : status,
        _ when status != 0 => status,
        "VALIDATION" => 400,
        "ACCESSDENIED" => 403,
        "RESOURCENOTFOUND" => 404,
        "MODELTIMEOUT" => 408,
        "MODELNOTREADY" => 429,
        "SERVICEUNAVAILABLE" => 503,
        "INTERNALSERVER" or "INTERNALFAILURE" => 500,
        _ => 0,
    };

    private static ErrorType TypeOf(string? name, int status) => (name?.ToUpperInvariant(), status) switch
    {
        ("SERVICEUNAVAILABLE" or "MODELNOTREADY" or "UNAVAILABLE", >= 429) => ErrorType.Overloaded,
        (_, 401) => ErrorType.Authentication,
        (_, 402) => ErrorType.Billing,
        (_, 403) => ErrorType.Permission,
        (_, 404) => ErrorType.NotFound,
        (_, 408 or 504) => ErrorType.Timeout,
        (_, 409) => ErrorType.Conflict,
        (_, 413) => ErrorType.RequestTooLarge,
        (_, 429) => ErrorType.RateLimit,
        (_, 529) => ErrorType.Overloaded,
        (_, < 500) => ErrorType.InvalidRequest,
        _ => ErrorType.Api,
    };

    private static string Words(int status, ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MostWords)]).Trim();
        return text.Length == 0 ? $"The provider answered with status {status} and no explanation." : text;
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
