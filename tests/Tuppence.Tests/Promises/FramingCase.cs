namespace Tuppence.Tests.Promises;

/// <summary>One shape of a request on a bare socket, and what must come of it.</summary>
/// <param name="Bytes">What is sent, as Latin-1.</param>
/// <param name="Status">Status of the first answer.</param>
/// <param name="Closes">True where the connection ends after that answer, with nothing more on it.</param>
/// <param name="Calls">Requests that the upstream gets; each whole.</param>
internal sealed record FramingCase(string Bytes, int Status, bool Closes, int Calls)
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>By name. Sources: RFC 9112 sections 2.2 to 7.1, RFC 9110 sections 5.5 and 7; the shapes are those of the request-smuggling literature.</summary>
    public static readonly IReadOnlyDictionary<string, FramingCase> All = new Dictionary<string, FramingCase>(StringComparer.Ordinal)
    {
        // two lengths
        ["CL.TE"] = Refused(Post($"Content-Length: {5 + Smuggled.Length}\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Smuggled)),
        ["TE.CL"] = Refused(Post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", $"{Smuggled.Length:x}\r\n{Smuggled}\r\n0\r\n\r\n")),
        ["two lengths that differ"] = Refused(Post("Content-Length: 2\r\nContent-Length: 40\r\n", "{}" + Smuggled)),
        ["list of lengths that differ"] = Refused(Post("Content-Length: 2, 40\r\n", "{}" + Smuggled)),
        ["list of equal lengths"] = Refused(Post("Content-Length: 2, 2\r\n", "{}")),
        ["length with plus"] = Refused(Post("Content-Length: +2\r\n", "{}")),
        ["length with minus"] = Refused(Post("Content-Length: -1\r\n", "{}")),
        ["length in hex"] = Refused(Post("Content-Length: 0x2\r\n", "{}")),
        ["length with a space"] = Refused(Post("Content-Length: 2 0\r\n", "{}")),
        ["length beyond 64 bits"] = Refused(Post("Content-Length: 99999999999999999999\r\n", "{}")),
        ["length empty"] = Refused(Post("Content-Length:\r\n", "{}")),

        // transfer codings
        ["coding xchunked"] = Refused(Post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
        ["coding gzip, chunked"] = Refused(Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
        ["coding chunked, identity"] = Refused(Post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")),
        ["coding chunked twice"] = Refused(Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Smuggled)),
        ["coding in two lines"] = Refused(Post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Smuggled)),
        ["coding with a space before the colon"] = Refused(Post($"Content-Length: {5 + Smuggled.Length}\r\nTransfer-Encoding : chunked\r\n", "0\r\n\r\n" + Smuggled)),
        ["coding with a vertical tab"] = Refused(Post($"Content-Length: {5 + Smuggled.Length}\r\nTransfer-Encoding: \vchunked\r\n", "0\r\n\r\n" + Smuggled)),
        ["coding on a folded line"] = Refused(Post($"Content-Length: {5 + Smuggled.Length}\r\nTransfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" + Smuggled)),
        ["coding in HTTP/1.0"] = Refused(Post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n" + Smuggled).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal)),
        ["coding in capitals"] = Taken(Post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n")),
        ["coding after a tab"] = Taken(Post("Transfer-Encoding:\tchunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ["coding with an underscore is no coding"] = Taken(Post($"Content-Length: {5 + Smuggled.Length}\r\nTransfer_Encoding: chunked\r\n", "0\r\n\r\n" + Smuggled)),

        // chunks
        ["chunk of negative size"] = Refused(Post("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n")),
        ["chunk size 0x2"] = Refused(Post("Transfer-Encoding: chunked\r\n", "0x2\r\n{}\r\n0\r\n\r\n")),
        ["chunk size beyond 64 bits"] = Refused(Post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff2\r\n{}\r\n0\r\n\r\n")),
        ["chunk without a size"] = Refused(Post("Transfer-Encoding: chunked\r\n", "\r\n{}\r\n0\r\n\r\n")),
        ["chunk longer than its size"] = Refused(Post("Transfer-Encoding: chunked\r\n", "2\r\n{}XX\r\n0\r\n\r\n")),
        ["chunk lines end in bare LF"] = Refused(Post("Transfer-Encoding: chunked\r\n", "2\n{}\n0\n\n" + Smuggled)),
        ["chunk extension with bare LF"] = Refused(Post("Transfer-Encoding: chunked\r\n", "2;\n{}\r\n0\r\n\r\n")),
        ["chunk extension"] = Taken(Post("Transfer-Encoding: chunked\r\n", "2;a=b\r\n{}\r\n0\r\n\r\n")),
        ["trailer that frames"] = Taken(Post("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\nContent-Length: 50\r\n\r\n")),

        // header lines
        ["space before a colon"] = Refused(Post("X-A : 1\r\nContent-Length: 2\r\n", "{}")),
        ["line without a colon"] = Refused(Post("garbage\r\nContent-Length: 2\r\n", "{}")),
        ["line without a name"] = Refused(Post(": x\r\nContent-Length: 2\r\n", "{}")),
        ["NUL in a value"] = Refused(Post("X-A: a\0b\r\nContent-Length: 2\r\n", "{}")),
        ["bare CR in a value"] = Refused(Post("X-A: a\rX-B: b\r\nContent-Length: 2\r\n", "{}")),
        ["folded line"] = Refused(Post("X-A: a\r\n b\r\nContent-Length: 2\r\n", "{}")),
        ["first line indented"] = Refused("POST /v1/messages HTTP/1.1\r\n X: 1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"),
        ["lines end in bare LF"] = Refused(Post("Content-Length: 2\r\n", "{}").Replace("\r\n", "\n", StringComparison.Ordinal)),
        ["header of 100 KB"] = Refused(Post($"X-A: {new string('a', 100_000)}\r\nContent-Length: 2\r\n", "{}"), 431),
        ["5,000 header lines"] = Refused(Post(string.Concat(Enumerable.Range(0, 5000).Select(static i => $"X-{i}: 1\r\n")) + "Content-Length: 2\r\n", "{}"), 431),

        // hosts and targets
        ["no host"] = Refused("GET /v1/models HTTP/1.1\r\n\r\n"),
        ["two hosts"] = Refused(Get("GET /v1/models HTTP/1.1", "Host: evil.example\r\n")),
        ["host with a space"] = Refused("GET /v1/models HTTP/1.1\r\nHost: a b\r\n\r\n"),
        ["absolute target of another host"] = Refused(Get("GET http://evil.example/v1/models HTTP/1.1")),
        ["CONNECT"] = Refused(Get("CONNECT 127.0.0.1:22 HTTP/1.1")),
        ["asterisk with GET"] = Refused(Get("GET * HTTP/1.1"), 405),
        ["HTTP/2.0 in text"] = Refused(Get("GET /v1/models HTTP/2.0"), 505),
        ["junk after the version"] = Refused(Get("GET /v1/models HTTP/1.1x")),
        ["version in small letters"] = Refused(Get("GET /v1/models http/1.1"), 505),
        ["no version"] = Refused("GET /v1/models\r\n\r\n", 505),
        ["two spaces"] = Refused(Get("GET  /v1/models HTTP/1.1")),
        ["space in the target"] = Refused(Get("GET /v1/mod els HTTP/1.1")),
        ["NUL in the target"] = Refused(Get("GET /v1/\0 HTTP/1.1")),
        ["target without a slash"] = Refused(Get("GET v1/models HTTP/1.1")),
        ["method that is no token"] = Refused(Get("GE{T} /v1/models HTTP/1.1")),
        ["target of 200 KB"] = Refused(Get($"GET /v1/{new string('a', 200_000)} HTTP/1.1"), 414),
        ["dot segments"] = new(Get("GET /v1/../admin HTTP/1.1"), 400, false, 0),
        ["dot segments encoded"] = new(Get("GET /v1/%2e%2E/admin HTTP/1.1"), 400, false, 0),
        ["CR LF encoded in the target"] = Taken(Get("GET /v1/%0d%0aX-Injected:%201 HTTP/1.1")),
        ["TLS hello"] = Refused("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n"),
        ["unknown expectation"] = Taken(Post("Expect: banana\r\nContent-Length: 2\r\n", "{}")),
        ["GET with a chunked body"] = Taken(Get("GET /v1/models HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n"),
    };

    private static FramingCase Refused(string bytes, int status = 400) => new(bytes, status, true, 0);

    private static FramingCase Taken(string bytes) => new(bytes, 200, false, 1);

    private static string Post(string headers, string body) => $"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}\r\n{body}";

    private static string Get(string line, string headers = "") => $"{line}\r\nHost: localhost\r\n{headers}\r\n";
}
