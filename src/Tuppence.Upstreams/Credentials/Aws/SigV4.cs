using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>Signs requests with AWS Signature Version 4.</summary>
/// <remarks>
/// Signed are the host and the <c>x-amz-*</c> lines that are added here; what a proxy may change is not. The path is escaped a
/// second time, as for all services but S3. A body that streams past is <c>UNSIGNED-PAYLOAD</c>.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (2026).
/// </remarks>
/// <param name="keys">Who signs.</param>
/// <param name="region">Region of the service, such as <c>us-east-1</c>.</param>
/// <param name="service">Signing name of the service, such as <c>bedrock</c>.</param>
/// <param name="time">The clock.</param>
public sealed class SigV4(AwsKeys keys, string region, string service, TimeProvider time) : IRequestSigner
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";
    private static readonly string[] Own = ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"];

    private volatile SigningKey? today;

    /// <inheritdoc/>
    public IReadOnlyList<string> Replaces => Own;

    /// <inheritdoc/>
    public void Sign(in SignedRequest request, ref RequestHead head)
    {
        foreach (var line in LinesFor(request))
        {
            head.Add(line.Name, line.Value);
        }
    }

    /// <summary>The header lines that sign a request now.</summary>
    public IReadOnlyList<HeaderLine> LinesFor(in SignedRequest request)
    {
        var lines = new List<HeaderLine>(4);
        var now = time.GetUtcNow();
        var moment = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var payload = request.IsBodyAtHand ? Convert.ToHexStringLower(SHA256.HashData(request.Body)) : UnsignedPayload;
        lines.Add(new HeaderLine("x-amz-date", moment));
        lines.Add(new HeaderLine("x-amz-content-sha256", payload));
        if (keys.SessionToken is { } token)
        {
            lines.Add(new HeaderLine("x-amz-security-token", token.Reveal()));
        }

        var signed = keys.SessionToken is null ? "host;x-amz-content-sha256;x-amz-date" : "host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
        var canonical = CanonicalRequest(request, moment, payload, signed);
        var scope = $"{moment[..8]}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{moment}\n{scope}\n{Hash(canonical)}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(KeyOf(moment[..8]), Encoding.UTF8.GetBytes(toSign)));
        lines.Add(new HeaderLine("authorization", $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={signed}, Signature={signature}"));
        return lines;
    }

    private string CanonicalRequest(in SignedRequest request, string moment, string payload, string signed)
    {
        var query = request.Target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? request.Target : request.Target[..query];
        var text = new StringBuilder(512)
            .Append(request.Method).Append('\n')
            .Append(AwsEscape.Path(path)).Append('\n')
            .Append(query < 0 ? "" : AwsEscape.Query(request.Target[(query + 1)..])).Append('\n')
            .Append("host:").Append(request.Authority).Append('\n')
            .Append("x-amz-content-sha256:").Append(payload).Append('\n')
            .Append("x-amz-date:").Append(moment).Append('\n');
        if (keys.SessionToken is { } token)
        {
            text.Append("x-amz-security-token:").Append(token.Reveal()).Append('\n');
        }

        return text.Append('\n').Append(signed).Append('\n').Append(payload).ToString();
    }

    /// <summary>The key of one day, derived once.</summary>
    private byte[] KeyOf(string day)
    {
        if (today is { } known && known.Day == day)
        {
            return known.Key;
        }

        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + keys.SecretAccessKey.Reveal()), Encoding.UTF8.GetBytes(day));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(region));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(service));
        key = HMACSHA256.HashData(key, "aws4_request"u8);
        today = new SigningKey(day, key);
        return key;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed class SigningKey(string day, byte[] key)
    {
        public string Day => day;

        public byte[] Key => key;
    }
}
