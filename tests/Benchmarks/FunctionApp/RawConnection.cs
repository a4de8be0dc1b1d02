using System.Net.Sockets;

namespace CanteenPay.Benchmarks.FunctionApp;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends prepared bytes. The asking shares the two cores with what is asked: a whole HTTP client would cost
/// more than either server and make every ratio look good.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];

    private RawConnection(Socket socket) => _socket = socket;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return new(socket);
    }

    /// <summary>Sends a request and takes the whole answer.</summary>
    /// <exception cref="InvalidOperationException">It is not 200.</exception>
    public async Task AskAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var received = 0;
        do
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(received), SocketFlags.None).AsTask().WaitAsync(Patience);
            received = count > 0 ? received + count : throw new InvalidOperationException("The connection was closed before the answer was whole.");
        }
        while (!IsWhole(_buffer.AsSpan(0, received)));

        if (!_buffer.AsSpan(0, received).StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidOperationException($"Answered: {System.Text.Encoding.UTF8.GetString(_buffer, 0, received)}");
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>As Kestrel writes: a Content-Length, or chunks.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var length = answer[..head].IndexOf("Content-Length: "u8);
        if (length < 0)
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        var digits = answer[(length + "Content-Length: "u8.Length)..];
        return System.Buffers.Text.Utf8Parser.TryParse(digits, out int bytes, out _) && answer.Length >= head + 4 + bytes;
    }
}
