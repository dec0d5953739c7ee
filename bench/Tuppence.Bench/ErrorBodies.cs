using BenchmarkDotNet.Attributes;
using Tuppence.Messages.Errors;

namespace Tuppence.Bench;

/// <summary>Writing the error envelope, as an answer and as the last event of a stream.</summary>
[MemoryDiagnoser]
public class ErrorBodies
{
    private const string Message = "The upstream 'anthropic' at https://api.anthropic.com closed the connection before the answer ended. Send the request again.";

    [Benchmark]
    public byte[] Answer() => ErrorBody.Write(ErrorType.Overloaded, Message, "req_011CSHoEeqs5C35K2UUqR7Fy");

    [Benchmark]
    public byte[] Event() => ErrorBody.WriteEvent(ErrorType.Overloaded, Message, "req_011CSHoEeqs5C35K2UUqR7Fy");
}
