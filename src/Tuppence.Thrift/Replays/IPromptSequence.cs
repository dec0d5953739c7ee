using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Recording;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Replays;

/// <summary>The prompts of a trace, whether it holds requests in full or none of their content.</summary>
internal interface IPromptSequence
{
    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>When one starts.</summary>
    DateTimeOffset At(int index);

    /// <summary>Reads one. False where it cannot be read.</summary>
    bool TryRead(int index, Prompt prompt);

    /// <summary>Of requests in full.</summary>
    static IPromptSequence Of(IReadOnlyList<TraceRequest> trace, ReplayOptions options) => new Full(trace, new PromptReader(ByteTokenCounter.Instance, options.Models, options.Cache.EffortInvalidates));

    /// <summary>Of a content-free recording.</summary>
    static IPromptSequence Of(IReadOnlyList<RecordedRequest> recording) => new Bare(recording);

    private sealed class Full(IReadOnlyList<TraceRequest> trace, PromptReader reader) : IPromptSequence
    {
        public int Count => trace.Count;

        public DateTimeOffset At(int index) => trace[index].At;

        public bool TryRead(int index, Prompt prompt) => reader.TryRead(trace[index].Body, prompt);
    }

    private sealed class Bare(IReadOnlyList<RecordedRequest> recording) : IPromptSequence
    {
        public int Count => recording.Count;

        public DateTimeOffset At(int index) => DateTimeOffset.UnixEpoch + recording[index].At;

        public bool TryRead(int index, Prompt prompt)
        {
            RecordedPrompt.Fill(recording[index], prompt);
            return true;
        }
    }
}
