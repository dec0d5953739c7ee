using Tuppence.Messages.Edits;

namespace Tuppence.Exchange;

/// <summary>Makes the declared edits of one request, on its body and on its header lines, and keeps the list of them.</summary>
/// <param name="client">The client's header lines.</param>
/// <param name="upstream">Whose edits apply.</param>
/// <param name="headers">Where changes of header lines are noted.</param>
internal sealed class Shaping(IHeaderDictionary client, Upstream upstream, HeaderPlan headers)
{
    private List<AppliedEdit>? applied;

    /// <summary>The edits made so far, in their order.</summary>
    public IReadOnlyList<AppliedEdit> Applied => applied ?? (IReadOnlyList<AppliedEdit>)[];

    /// <summary>Notes an edit that was made elsewhere.</summary>
    public void Note(AppliedEdit edit) => (applied ??= []).Add(edit);

    /// <summary>Takes out of <c>anthropic-beta</c> what the upstream does not know.</summary>
    public void FilterBetas()
    {
        if (upstream.Betas is { } betas && client.TryGetValue("anthropic-beta", out var lines)
            && betas.TryFilter([.. lines.Select(static line => line ?? "")], out var kept, out var edit))
        {
            (applied ??= []).Add(edit);
            headers.Drop("anthropic-beta");
            foreach (var line in kept)
            {
                headers.Add("anthropic-beta", line);
            }
        }
    }

    /// <summary>Edits a body where it lies if there is room, else into a new one, and lets go of what is not sent.</summary>
    /// <param name="body">What the client sent.</param>
    /// <param name="preset">The preset, or null.</param>
    /// <param name="countsTokens">Whether tokens are counted.</param>
    /// <param name="keep">True where another upstream may need the body as it came: it stays untouched and is not let go of.</param>
    public (PooledBody? Body, GatewayError? Error) Edit(PooledBody body, Preset? preset, bool countsTokens, bool keep) =>
        Edit(body, upstream.Edits.For(preset), countsTokens, keep);

    /// <summary>As the other, with a list of edits.</summary>
    public (PooledBody? Body, GatewayError? Error) Edit(PooledBody body, EditList edits, bool countsTokens, bool keep)
    {
        if (edits.IsEmpty)
        {
            return (body, null);
        }

        if (client.ContentEncoding.Count > 0)
        {
            LetGo(body, keep);
            return (null, new GatewayError(
                ErrorKind.EncodedBody,
                $"The request body is compressed ({client.ContentEncoding}), but this request is to be edited ({string.Join(", ", edits.Edits.Select(static edit => edit.Name))}). Send it uncompressed, or to a path without edits."));
        }

        using var outcome = edits.Apply(body.Bytes, new EditContext(client["anthropic-version"], countsTokens));
        if (outcome.Fault is { } fault)
        {
            LetGo(body, keep);
            return (null, new GatewayError(fault.Rule is null ? ErrorKind.MalformedBody : ErrorKind.EditRefused, fault.Message));
        }

        foreach (var line in outcome.Headers)
        {
            if (line.Kind == HeaderEditKind.Append || !client.ContainsKey(line.Name))
            {
                headers.Add(line.Name, line.Value);
            }
        }

        if (outcome.Applied.Count > 0)
        {
            (applied ??= []).AddRange(outcome.Applied);
        }

        if (!outcome.Changed || (!keep && body.TryApply(outcome.Splices)))
        {
            return (body, null);
        }

        var edited = new PooledBody(outcome.Length);
        outcome.CopyTo(edited.Reserve(outcome.Length));
        edited.Advance(outcome.Length);
        LetGo(body, keep);
        return (edited, null);
    }

    /// <summary>Lets go of a body that is not sent, unless another upstream may need it.</summary>
    public static void LetGo(PooledBody? body, bool keep)
    {
        if (!keep)
        {
            body?.Dispose();
        }
    }
}
