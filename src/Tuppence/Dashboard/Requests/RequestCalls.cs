using Tuppence.Accounting;
using Tuppence.Dashboard.Json;
using Tuppence.Exchange;

namespace Tuppence.Dashboard.Requests;

/// <summary><c>/tuppence/api/requests</c>: rows of the ledger, and what is still remembered of the latest requests.</summary>
internal sealed class RequestCalls(GatewayState state)
{
    /// <summary>Lists rows, newest first.</summary>
    public async Task ListAsync(ApiCall call)
    {
        var (query, problem) = RowQuery.Of(call);
        if (query is null)
        {
            await call.RefuseAsync(problem!);
            return;
        }

        if (query.Before is null)
        {
            await state.Ledger.SettleAsync(state.Time, call.Cancellation);
        }

        var page = await state.Ledger.ReadAsync(query, call.Cancellation);
        await Answers.ObjectAsync(call.Context, json =>
        {
            json.WriteStartArray("rows"u8);
            foreach (var entry in page.Entries)
            {
                LedgerJson.Write(json, entry);
            }

            json.WriteEndArray();
            json.WriteString("next"u8, page.Next);
        });
    }

    /// <summary>Shows one.</summary>
    public async Task ShowAsync(ApiCall call)
    {
        var id = call.Segments[1];
        var detail = state.Dashboard.Details.Find(id);
        if (detail?.Entry is not { } entry)
        {
            await state.Ledger.SettleAsync(state.Time, call.Cancellation);
            entry = await state.Ledger.FindAsync(id, call.Cancellation);
        }

        if (entry is null)
        {
            await call.NotFoundAsync("There is no request of that id: it is not over yet, or older than what is kept.");
            return;
        }

        await Answers.ObjectAsync(call.Context, json =>
        {
            json.WritePropertyName("row"u8);
            LedgerJson.Write(json, entry);
            RequestDetail.Write(json, detail, entry.Edits, call.Gateway.Config.Ledger.Content);
        });
    }
}
