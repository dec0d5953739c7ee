using Tuppence.Messages.Edits;
using Tuppence.Upstreams.Providers;

namespace Tuppence.Exchange;

/// <summary>Turns one request into what its upstream's provider takes: target, header lines and body. Reported as one edit.</summary>
/// <param name="client">The client's header lines.</param>
/// <param name="adapter">The provider.</param>
/// <param name="headers">Where changes of header lines are noted.</param>
/// <param name="shaping">Makes the edit, and keeps the list of edits.</param>
internal sealed class Translation(IHeaderDictionary client, ProviderAdapter adapter, HeaderPlan headers, Shaping shaping)
{
    private const string BetaHeader = "anthropic-beta";

    /// <summary>The request for the provider, or the error to answer; what is not sent of the body is let go of.</summary>
    /// <param name="route">What the client asked for.</param>
    /// <param name="body">The body after its edits, or null.</param>
    /// <param name="keep">True where another upstream may need the body as it is: it stays untouched and is not let go of.</param>
    public (Route Route, PooledBody? Body, GatewayError? Error) Apply(Route route, PooledBody? body, bool keep)
    {
        var surface = route.Surface switch
        {
            Surface.Messages => ProviderSurface.Messages,
            Surface.CountTokens => ProviderSurface.CountTokens,
            _ => ProviderSurface.Other,
        };
        FilterBetas();
        var version = headers.ValuesOf(client, "anthropic-version").FirstOrDefault();
        var profile = headers.ValuesOf(client, "anthropic-user-profile-id").FirstOrDefault();
        var request = new ProviderRequest(surface, route.Target, version, BetaValues(), profile, ChangeHeaders());
        if (adapter.Refuse(request) is { } refusal)
        {
            Shaping.LetGo(body, keep);
            return (route, null, new GatewayError(refusal.IsCounting ? ErrorKind.CountingNotServed : ErrorKind.NotServedThere, refusal.Message));
        }

        var edit = adapter.EditOf(request);
        GatewayError? error = null;
        if (edit is null)
        {
            Note(request.Notes);
        }
        else if (body is null)
        {
            return (route, null, new GatewayError(ErrorKind.MalformedBody, $"{adapter.Title} needs the model, and so a JSON body; this request has none. Nothing was sent."));
        }
        else
        {
            var edited = shaping.Edit(body, new EditList([edit]), surface == ProviderSurface.CountTokens, keep);
            keep &= edited.Body == body;
            (body, error) = (edited.Body, edited.Error);
        }

        if (body?.Length > adapter.MaxBodyBytes)
        {
            error = TooLarge(body.Length);
            Shaping.LetGo(body, keep);
            body = null;
        }

        return error is null ? (route with { Target = adapter.TargetOf(request, edit) }, body, null) : (route, null, error);
    }

    private GatewayError TooLarge(int length) => new(
        ErrorKind.BodyTooLarge,
        $"{adapter.Title} takes requests of at most {adapter.MaxBodyBytes / (1024 * 1024)} MB; this one has {length / (1024.0 * 1024):0.0} MB. Send less, or to another upstream. Nothing was sent.");

    private void Note(IReadOnlyList<string> notes)
    {
        if (notes.Count > 0)
        {
            shaping.Note(new AppliedEdit("provider:" + adapter.Name, string.Join(", ", notes)));
        }
    }

    private void FilterBetas()
    {
        if (adapter.Betas is { } betas && headers.ValuesOf(client, BetaHeader).ToList() is { Count: > 0 } lines && betas.TryFilter(lines, out var kept, out var edit))
        {
            shaping.Note(edit);
            headers.Clear(BetaHeader);
            foreach (var line in kept)
            {
                headers.Add(BetaHeader, line);
            }
        }
    }

    private string[] BetaValues() =>
        [.. headers.ValuesOf(client, BetaHeader).SelectMany(static line => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Leaves out and adds the lines that the provider wants; answers what is worth telling.</summary>
    private List<string> ChangeHeaders()
    {
        // How an answer may be compressed is no part of the request's meaning, and so nothing to tell.
        var notes = new List<string>();
        foreach (var line in adapter.AddedHeaders)
        {
            if (!client.ContainsKey(line.Name))
            {
                headers.Add(line.Name, line.Value);
                notes.Add(line.Name + " added");
            }
        }

        foreach (var name in adapter.DroppedHeaders)
        {
            headers.Clear(name);
        }

        return notes;
    }
}
