using Tuppence.Messages.Errors;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>An error as the client gets it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">The Messages API's type.</param>
/// <param name="Message">Words for people.</param>
internal sealed record ProgramError(int Status, ErrorType Type, string Message)
{
    /// <summary>Seconds until another try makes sense, or null.</summary>
    public long? RetryAfter { get; init; }

    /// <summary>Whether another try without a change can only fail in the same way.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The header lines that go with it.</summary>
    public IReadOnlyList<HeaderLine> Headers
    {
        get
        {
            var lines = new List<HeaderLine>(2);
            if (RetryAfter is { } seconds)
            {
                lines.Add(new HeaderLine("retry-after", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }

            if (IsFinal)
            {
                lines.Add(new HeaderLine("x-should-retry", "false"));
            }

            return lines;
        }
    }
}
