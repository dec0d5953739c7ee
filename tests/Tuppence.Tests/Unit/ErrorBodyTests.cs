using System.Text;
using Tuppence.Messages.Errors;

namespace Tuppence.Tests.Unit;

public sealed class ErrorBodyTests
{
    [Fact]
    public void The_envelope_is_that_of_the_Messages_API() =>
        Assert.Equal(
            """{"type":"error","error":{"type":"not_found_error","message":"No preset “x”."},"request_id":"req_1"}""",
            Encoding.UTF8.GetString(ErrorBody.Write(ErrorType.NotFound, "No preset “x”.", "req_1")));

    [Fact]
    public void A_message_cannot_break_out_of_its_event() =>
        Assert.Equal(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"a\\n\\nb\\r\"}}\n\n",
            Encoding.UTF8.GetString(ErrorBody.WriteEvent(ErrorType.Api, "a\n\nb\r")));
}
