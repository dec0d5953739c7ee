using System.Text;
using Tuppence.Messages.Batches;
using Tuppence.Messages.Requests;

namespace Tuppence.Tests.Unit;

public sealed class MessagesResultsUrlTests
{
    private const string Origin = "http://127.0.0.1:42069";

    [Theory]
    [InlineData("""{"id":"b1", "results_url" : "https://api.anthropic.com/v1/messages/batches/b1/results","x":1e400}""", """{"id":"b1", "results_url" : "http://127.0.0.1:42069/v1/messages/batches/b1/results","x":1e400}""")]
    [InlineData("""{"results_url":"https:\/\/llm.example\/team\/v1\/messages\/batches\/b1\/results?a=\"b"}""", """{"results_url":"http://127.0.0.1:42069/v1/messages/batches/b1/results?a=\"b"}""")]
    [InlineData("""{"data":[{"results_url":null},{"results_url":"https://a.example/v1/messages/batches/b2/results"},7],"has_more":false}""", """{"data":[{"results_url":null},{"results_url":"http://127.0.0.1:42069/v1/messages/batches/b2/results"},7],"has_more":false}""")]
    public void The_member_and_nothing_else_changes(string answer, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        var splices = new Splices();
        Assert.True(ResultsUrl.TryRewrite(bytes, Origin, splices));
        var changed = new byte[splices.OutputLength(bytes.Length)];
        splices.CopyTo(bytes, changed);
        Assert.Equal(expected, Encoding.UTF8.GetString(changed));
    }

    [Theory]
    [InlineData("""{"results_url":null}""")]
    [InlineData("""{"results_url":"https://api.anthropic.com/v1/files/f1"}""")]
    [InlineData("""{"results_url":"/v1/messages/batches/b1/results"}""")]
    [InlineData("""{"request":{"results_url":"https://a.example/v1/messages/batches/b2/results"}}""")]
    [InlineData("""{"data":[[{"results_url":"https://a.example/v1/messages/batches/b2/results"}]]}""")]
    [InlineData("""{"results_url":"https://a.example/v1/messages/batches/b2/results",}""")]
    [InlineData("""{"results_url":"https://a.example/v1/messages/batches/b2/results"} x""")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_is_no_batch_stays(string answer) => Assert.False(ResultsUrl.TryRewrite(Encoding.UTF8.GetBytes(answer), Origin, new Splices()));
}
