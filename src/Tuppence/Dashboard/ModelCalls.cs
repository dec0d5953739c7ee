using Tuppence.Dashboard.Json;
using Tuppence.Messages.Models;

namespace Tuppence.Dashboard;

/// <summary><c>GET /tuppence/api/models</c>: models with their prices, for choosing one.</summary>
internal static class ModelCalls
{
    /// <summary>Answers.</summary>
    public static Task ListAsync(ApiCall call) => Answers.ObjectAsync(call.Context, static json =>
    {
        json.WriteStartArray("models"u8);
        foreach (var model in ModelTable.Default.Models)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, model.Id);
            json.WriteNumber("input"u8, model.Prices.Input);
            json.WriteNumber("output"u8, model.Prices.Output);
            json.WriteNumber("maxOutput"u8, model.MaxOutput);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
