using Tuppence.Dashboard.Json;
using Tuppence.Messages.Models;

namespace Tuppence.Dashboard;

/// <summary><c>GET /tuppence/api/models</c>: models with their prices, for choosing one.</summary>
internal static class ModelCalls
{
    /// <summary>Answers.</summary>
    public static Task ListAsync(ApiCall call, DateTimeOffset now) => Answers.ObjectAsync(call.Context, json =>
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        json.WriteStartArray("models"u8);
        foreach (var model in ModelTable.Default.Models)
        {
            var prices = model.PricesOn(today);
            json.WriteStartObject();
            json.WriteString("id"u8, model.Id);
            json.WriteNumber("input"u8, prices.Input);
            json.WriteNumber("output"u8, prices.Output);
            json.WriteNumber("maxOutput"u8, model.MaxOutput);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
