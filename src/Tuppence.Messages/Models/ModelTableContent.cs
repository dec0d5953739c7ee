using System.Text.Json;

namespace Tuppence.Messages.Models;

/// <summary>A model table while it is read: rows of one id amend each other.</summary>
internal sealed class ModelTableContent
{
    public List<Model> Models { get; } = [];

    public List<RetiredModel> Retired { get; } = [];

    public CacheRules CacheRules { get; private set; } = CacheRules.None;

    public PriceRules PriceRules { get; private set; } = PriceRules.None;

    public string Compiled { get; private set; } = "";

    public void Member(ref Utf8JsonReader reader, string name, string path)
    {
        switch (name)
        {
            case "models":
                JsonRead.Array(ref reader, path, this, static (ref reader, _, path, self) => self.Row(ref reader, path));
                break;
            case "retired":
                JsonRead.Array(ref reader, path, this, static (ref reader, _, path, self) => self.Retire(ref reader, path));
                break;
            case "cacheRules":
                ReadCacheRules(ref reader, path);
                break;
            case "priceRules":
                JsonRead.Object(ref reader, path, this, static (ref reader, name, path, self) => self.PriceRule(ref reader, name, path));
                break;
            case "compiled":
                Compiled = JsonRead.String(ref reader, path);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void Row(ref Utf8JsonReader reader, string path)
    {
        // The id may stand anywhere in the row, and says which row is amended: find it first.
        var ahead = reader;
        var id = "";
        JsonRead.Object(ref ahead, path, (Action<string>)(value => id = value), static (ref reader, name, path, found) =>
        {
            if (name == "id")
            {
                found(JsonRead.String(ref reader, path));
            }
            else
            {
                reader.Skip();
            }
        });
        if (id.Length == 0)
        {
            throw JsonRead.Wrong(path + ".id", "the model's id");
        }

        var index = Models.FindIndex(model => model.Id == id);
        var row = new ModelRow(index < 0 ? new Model { Id = id } : Models[index]);
        JsonRead.Object(ref reader, path, row, static (ref reader, name, path, row) => row.Member(ref reader, name, path));
        if (index < 0)
        {
            Models.Add(row.ToModel());
        }
        else
        {
            Models[index] = row.ToModel();
        }
    }

    private void Retire(ref Utf8JsonReader reader, string path)
    {
        var row = new Dictionary<string, object>(StringComparer.Ordinal);
        JsonRead.Object(ref reader, path, row, static (ref reader, name, path, row) =>
            row[name] = name == "stillOn" ? JsonRead.Strings(ref reader, path) : JsonRead.String(ref reader, path));
        var id = row.GetValueOrDefault("id") as string ?? throw JsonRead.Wrong(path + ".id", "the model's id");
        Retired.Add(new RetiredModel(id, row.GetValueOrDefault("retired") as string ?? "", row.GetValueOrDefault("stillOn") as IReadOnlyList<string> ?? []));
    }

    private void ReadCacheRules(ref Utf8JsonReader reader, string path) =>
        JsonRead.Object(ref reader, path, this, static (ref reader, name, path, self) =>
        {
            switch (name)
            {
                case "maxBreakpoints":
                    self.CacheRules = self.CacheRules with { MaxBreakpoints = JsonRead.Integer(ref reader, path) };
                    break;
                case "lookbackPositions":
                    self.CacheRules = self.CacheRules with { LookbackPositions = JsonRead.Integer(ref reader, path) };
                    break;
                case "ttls":
                    var ttls = new Dictionary<string, CacheTtl>(StringComparer.Ordinal);
                    JsonRead.Object(ref reader, path, ttls, ReadTtl);
                    self.CacheRules = self.CacheRules with { Ttls = ttls };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        });

    private void PriceRule(ref Utf8JsonReader reader, string name, string path)
    {
        // Dollars a thousand are millions of nano-dollars each.
        const decimal OfThousand = 1_000_000;
        switch (name)
        {
            case "batchPercent": PriceRules = PriceRules with { BatchPercent = JsonRead.Integer(ref reader, path) }; break;
            case "usInferencePercent": PriceRules = PriceRules with { UsInferencePercent = JsonRead.Integer(ref reader, path) }; break;
            case "usInferenceListPrice": PriceRules = PriceRules with { UsInferenceListPrice = JsonRead.Strings(ref reader, path) }; break;
            case "webSearchPerThousand": PriceRules = PriceRules with { WebSearch = (long)(JsonRead.Decimal(ref reader, path) * OfThousand) }; break;
            case "webFetchPerThousand": PriceRules = PriceRules with { WebFetch = (long)(JsonRead.Decimal(ref reader, path) * OfThousand) }; break;
            case "regionalPercent":
                var percents = new Dictionary<string, int>(StringComparer.Ordinal);
                JsonRead.Object(ref reader, path, percents, static (ref reader, name, path, percents) => percents[name] = JsonRead.Integer(ref reader, path));
                PriceRules = PriceRules with { RegionalPercent = percents };
                break;
            default: reader.Skip(); break;
        }
    }

    private static void ReadTtl(ref Utf8JsonReader reader, string name, string path, Dictionary<string, CacheTtl> ttls)
    {
        ttls[name] = new CacheTtl(0, 100);
        JsonRead.Object(ref reader, path, (ttls, name), static (ref reader, member, path, target) =>
        {
            var ttl = target.ttls[target.name];
            target.ttls[target.name] = member switch
            {
                "seconds" => ttl with { Seconds = JsonRead.Integer(ref reader, path) },
                "writeMultiplier" => ttl with { WritePercent = (int)(JsonRead.Decimal(ref reader, path) * 100) },
                _ => ttl,
            };
        });
    }
}
