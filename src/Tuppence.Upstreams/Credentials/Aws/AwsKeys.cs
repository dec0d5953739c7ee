namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>Credentials of an AWS identity.</summary>
/// <param name="AccessKeyId">Access key id; not secret, it stands in every signature.</param>
/// <param name="SecretAccessKey">Secret access key.</param>
/// <param name="SessionToken">Session token of temporary credentials, or null.</param>
public sealed record AwsKeys(string AccessKeyId, Secret SecretAccessKey, Secret? SessionToken = null);
