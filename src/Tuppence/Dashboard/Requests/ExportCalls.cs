using System.Globalization;
using Tuppence.Accounting;
using Tuppence.Dashboard.Json;
using Tuppence.Exchange;
using Tuppence.State.Exports;

namespace Tuppence.Dashboard.Requests;

/// <summary><c>GET /tuppence/api/export</c>: the ledger as a file to keep.</summary>
internal sealed class ExportCalls(GatewayState state)
{
    /// <summary>Answers with a download.</summary>
    public async Task WriteAsync(ApiCall call)
    {
        ExportFormat? format = call["format"] switch
        {
            "csv" => ExportFormat.Csv,
            "jsonl" => ExportFormat.JsonLines,
            "parquet" => ExportFormat.Parquet,
            _ => null,
        };
        var (query, problem) = RowQuery.Of(call);
        if (format is not { } form || query is null)
        {
            await call.RefuseAsync(problem ?? "format must be csv, jsonl or parquet.");
            return;
        }

        await state.Ledger.SettleAsync(state.Time, call.Cancellation);
        Answers.Protect(call.Context.Response, LedgerExport.MediaTypeOf(form));
        var day = state.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        call.Context.Response.Headers.ContentDisposition = $"attachment; filename=\"tuppence-{day}.{LedgerExport.EndingOf(form)}\"";
        await LedgerExport.WriteAsync(state.Ledger, query, form, call.Context.Response.BodyWriter.AsStream(leaveOpen: true), long.MaxValue, call.Cancellation);
        await call.Context.Response.BodyWriter.FlushAsync(call.Cancellation);
    }
}
