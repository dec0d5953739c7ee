namespace Tuppence.Upstreams.Credentials.Cloud;

/// <summary>A bearer token from the first of several sources that is set up on this machine, kept and renewed by its expiry.</summary>
public sealed class TokenChain : ICredential
{
    private readonly Renewed<Secret> token;
    private readonly IReadOnlyList<Func<Task<Lease<Secret>>>> sources;
    private readonly string nothing;

    /// <summary>A chain.</summary>
    /// <param name="sources">In their order. One that is not set up here answers with the default.</param>
    /// <param name="nothing">What to say, and to do, where none is.</param>
    /// <param name="time">The clock.</param>
    public TokenChain(IReadOnlyList<Func<Task<Lease<Secret>>>> sources, string nothing, TimeProvider time)
    {
        (this.sources, this.nothing) = (sources, nothing);
        token = new Renewed<Secret>(FetchAsync, time);
    }

    /// <inheritdoc/>
    public async ValueTask<CredentialResult> GetAsync(CancellationToken cancellation)
    {
        var lease = await token.GetAsync(cancellation);
        return lease.Value is { } value ? CredentialResult.OfToken(value) : CredentialResult.OfProblem(lease.Problem ?? nothing);
    }

    /// <inheritdoc/>
    public void Refused() => token.Forget();

    private async Task<Lease<Secret>> FetchAsync()
    {
        foreach (var source in sources)
        {
            var lease = await source();
            if (lease.IsAnswer)
            {
                return lease.Value is null ? Lease<Secret>.Failed(Sentence(lease.Problem!)) : lease;
            }
        }

        return Lease<Secret>.Failed(nothing);
    }

    private static string Sentence(string problem) => char.ToUpperInvariant(problem[0]) + problem[1..] + (problem.EndsWith('.') ? "" : ".");
}
