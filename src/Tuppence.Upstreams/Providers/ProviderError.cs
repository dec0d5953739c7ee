using Tuppence.Messages.Errors;

namespace Tuppence.Upstreams.Providers;

/// <summary>A provider's error in the Messages API's terms.</summary>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Type">The Messages API's type.</param>
/// <param name="Message">The provider's own words.</param>
public sealed record ProviderError(int Status, ErrorType Type, string Message);
