using Tuppence.Upstreams.Credentials.Cloud;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>Takes on roles at AWS's Security Token Service.</summary>
/// <remarks>Source: https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html (API version 2011-06-15).</remarks>
/// <param name="environment">Where an endpoint of the user's own is named.</param>
/// <param name="region">Region of the service.</param>
/// <param name="web">Sends.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsSts(CloudEnvironment environment, string region, WebCall web, TimeProvider time)
{
    private const string Version = "2011-06-15";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>A role by the token of a web identity (OpenID Connect), which a file holds.</summary>
    public async Task<Lease<AwsKeys>> ByWebIdentityAsync(string role, string tokenFile, string? session)
    {
        if (!File.Exists(tokenFile))
        {
            return Lease<AwsKeys>.Failed($"the web identity token file {tokenFile} does not exist");
        }

        var token = (await File.ReadAllTextAsync(tokenFile)).Trim();
        return await CallAsync(
            Form.Of(("Action", "AssumeRoleWithWebIdentity"), ("Version", Version), ("RoleArn", role), ("RoleSessionName", session ?? "tuppence"), ("WebIdentityToken", token)),
            null);
    }

    /// <summary>A role by other keys.</summary>
    public Task<Lease<AwsKeys>> ByKeysAsync(string role, AwsKeys keys, string? session, string? externalId)
    {
        var pairs = new List<(string, string)> { ("Action", "AssumeRole"), ("Version", Version), ("RoleArn", role), ("RoleSessionName", session ?? "tuppence") };
        if (externalId is not null)
        {
            pairs.Add(("ExternalId", externalId));
        }

        return CallAsync(Form.Of([.. pairs]), new SigV4(keys, region, "sts", time));
    }

    private async Task<Lease<AwsKeys>> CallAsync(byte[] form, SigV4? signer)
    {
        var text = environment["AWS_ENDPOINT_URL_STS"] ?? environment["AWS_ENDPOINT_URL"] ?? $"https://sts.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}";
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url))
        {
            return Lease<AwsKeys>.Failed("AWS_ENDPOINT_URL_STS is not a URL");
        }

        var answer = await web.SendAsync("POST", url, Lines(url, form, signer), form, Limit);
        if (answer.IsOk)
        {
            return AwsKeysReading.FromXml(answer.Text, "the Security Token Service");
        }

        var code = answer.Status == 0 ? null : Cut(answer.Text, "<Code>", "</Code>");
        return Lease<AwsKeys>.Failed($"the role could not be taken on: {answer.Explain(url)}{(code is null ? "" : $" ({code})")}");
    }

    private static IReadOnlyList<HeaderLine> Lines(Uri url, byte[] form, SigV4? signer)
    {
        if (signer is null)
        {
            return Form.Headers;
        }

        return [.. Form.Headers, .. signer.LinesFor(new SignedRequest("POST", url.PathAndQuery, url.Authority, form, isBodyAtHand: true))];
    }

    private static string? Cut(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal);
        var to = from < 0 ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? null : text[(from + start.Length)..to];
    }
}
