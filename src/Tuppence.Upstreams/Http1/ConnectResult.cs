using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Tuppence.Upstreams.Http1;

/// <summary>An open stream, or the fault that kept it from opening.</summary>
public readonly struct ConnectResult
{
    private ConnectResult(Stream? stream, Socket? socket, UpstreamFault? fault) => (Stream, Socket, Fault) = (stream, socket, fault);

    /// <summary>The stream to read and write, with TLS already on it where the origin asks for TLS.</summary>
    public Stream? Stream { get; }

    /// <summary>The socket below, where there is one: it is polled before reuse and closed to abort.</summary>
    public Socket? Socket { get; }

    /// <summary>Why there is no stream.</summary>
    public UpstreamFault? Fault { get; }

    /// <summary>True where there is a stream.</summary>
    [MemberNotNullWhen(true, nameof(Stream))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsConnected => Stream is not null;

    /// <summary>A connection.</summary>
    public static ConnectResult Of(Stream stream, Socket? socket) => new(stream, socket, null);

    /// <summary>A failure.</summary>
    public static ConnectResult Of(FaultKind kind, string detail) => new(null, null, new UpstreamFault(kind, detail));
}
