using System.Net.Sockets;
using System.Text;

namespace Tuppence.Tests.Scenes;

/// <summary>Reads bytes off an upstream connection.</summary>
public sealed class UpstreamSource(Socket connection)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <summary>The next head with its blank line, as Latin-1; null at the end of the connection.</summary>
    public async Task<string?> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (await ReadByteAsync() is { } b)
        {
            head.Append((char)b);
            if (b == '\n' && head.Length >= 4 && head[^2] == '\r' && head[^3] == '\n')
            {
                return head.ToString();
            }
        }

        return null;
    }

    /// <summary>A line without its end; null at the end of the connection.</summary>
    public async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (await ReadByteAsync() is { } b)
        {
            if (b == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)b);
        }

        return null;
    }

    /// <summary>Fills <paramref name="target"/>; false where the connection ends first.</summary>
    public async Task<bool> FillAsync(Memory<byte> target)
    {
        while (target.Length > 0)
        {
            if (start == end && !await ReceiveAsync())
            {
                return false;
            }

            var taken = Math.Min(target.Length, end - start);
            buffer.AsMemory(start, taken).CopyTo(target);
            start += taken;
            target = target[taken..];
        }

        return true;
    }

    /// <summary>Waits until the other side closes or resets.</summary>
    public async Task UntilClosedAsync()
    {
        while (await ReceiveAsync())
        {
            // What still comes is of no interest.
        }
    }

    private async ValueTask<byte?> ReadByteAsync() => start < end || await ReceiveAsync() ? buffer[start++] : null;

    private async Task<bool> ReceiveAsync()
    {
        try
        {
            (start, end) = (0, await connection.ReceiveAsync(buffer.AsMemory()));
            return end > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
