using System.Buffers;
using System.Text.Json;
using Tuppence.Exchange;
using Tuppence.Spending;

namespace Tuppence.Endpoints;

/// <summary>
/// <c>GET /tuppence/budgets</c>: what is spent of each budget, as JSON. It names keys and presets, so it asks for a gateway key wherever
/// requests do. <c>tuppence status</c> reads it.
/// </summary>
internal static class BudgetPage
{
    /// <summary>Answers. All money is in nano-dollars (10^-9 USD).</summary>
    public static Task AnswerAsync(HttpContext context, GatewayState state)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MethodNotAllowed.AnswerAsync(context);
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(Write(state)).AsTask();
    }

    private static ReadOnlyMemory<byte> Write(GatewayState state)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("budgets"u8);
            foreach (var budget in state.Budgets.States(state.Time.GetUtcNow()))
            {
                BudgetJson.Write(json, budget);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
