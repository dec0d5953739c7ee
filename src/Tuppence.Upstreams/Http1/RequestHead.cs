using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Tuppence.Upstreams.Http1;

/// <summary>Writes a request head (RFC 9112 sections 3 and 5) into a pooled buffer.</summary>
public struct RequestHead : IDisposable
{
    private byte[] buffer;
    private int length;

    /// <summary>Begins a head with its request line and <c>Host</c>.</summary>
    /// <param name="method">Method token, checked by the server that received it.</param>
    /// <param name="target">Request target in origin form; goes out byte for byte.</param>
    /// <param name="authority">Value of <c>Host</c>.</param>
    public RequestHead(string method, string target, string authority)
    {
        buffer = ArrayPool<byte>.Shared.Rent(2048);
        Write(method);
        Write(" "u8);
        Write(target);
        Write(" HTTP/1.1\r\nHost: "u8);
        Write(authority);
        Write("\r\n"u8);
    }

    /// <summary>The bytes written so far.</summary>
    public readonly ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Adds a header line. Characters of the value stand for Latin-1 bytes (RFC 9110 section 5.5).</summary>
    public void Add(string name, string value)
    {
        Write(name);
        Write(": "u8);
        Write(value);
        Write("\r\n"u8);
    }

    /// <summary>Adds <c>Content-Length</c>.</summary>
    public void AddContentLength(long value)
    {
        Write("Content-Length: "u8);
        Reserve(24);
        Utf8Formatter.TryFormat(value, buffer.AsSpan(length), out var written);
        length += written;
        Write("\r\n"u8);
    }

    /// <summary>Adds <c>Transfer-Encoding: chunked</c>.</summary>
    public void AddChunked() => Write("Transfer-Encoding: chunked\r\n"u8);

    /// <summary>Closes the head with its blank line.</summary>
    public void End() => Write("\r\n"u8);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (buffer is not null)
        {
            // The head holds a credential; the next user of the buffer must not find it.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            buffer = null!;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void Write(string text)
    {
        Reserve(text.Length);
        length += Encoding.Latin1.GetBytes(text, buffer.AsSpan(length));
    }

    private void Reserve(int more)
    {
        if (buffer.Length - length >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = larger;
    }
}
