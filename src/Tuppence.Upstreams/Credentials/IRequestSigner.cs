using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials;

/// <summary>Adds the header lines that prove who sends a request. Called for each attempt, since signatures hold a moment.</summary>
public interface IRequestSigner
{
    /// <summary>Names of the client's header lines that would contradict the signature.</summary>
    IReadOnlyList<string> Replaces { get; }

    /// <summary>Signs a request whose head is written up to its own lines.</summary>
    /// <param name="request">What is signed.</param>
    /// <param name="head">Gains the lines.</param>
    void Sign(in SignedRequest request, ref RequestHead head);
}
