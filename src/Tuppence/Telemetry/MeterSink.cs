using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tuppence.Accounting;
using Tuppence.Exchange;
using Tuppence.State.Ledger;

namespace Tuppence.Telemetry;

/// <summary>Measures each request that a model answered, under the names of the GenAI conventions, and what those have no name for under <c>tuppence.</c>.</summary>
internal sealed class MeterSink : IRequestSink
{
    private readonly ModelLabels models = new();
    private readonly Func<IReadOnlyList<Upstream>> upstreams;
    private readonly Histogram<double> duration;
    private readonly Histogram<long> tokens;
    private readonly Histogram<double> firstToken;
    private readonly Histogram<double> overhead;
    private readonly Counter<double> cost;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Where they belong.</param>
    /// <param name="upstreams">The upstreams in force.</param>
    public MeterSink(Meter meter, Func<IReadOnlyList<Upstream>> upstreams)
    {
        // Boundaries as the conventions recommend them.
        this.upstreams = upstreams;
        duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "GenAI operation duration.", null, Bounds(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92));
        tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Number of input and output tokens used.", null, Bounds<long>(1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864));
        firstToken = meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "Time to generate first token for successful responses.", null, Bounds(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0));
        overhead = meter.CreateHistogram("tuppence.overhead", "s", "Time to the first byte that is the gateway's own.", null, Bounds(0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05));
        cost = meter.CreateCounter<double>("tuppence.cost", "{USD}", "What answers cost, at known prices.");
    }

    /// <inheritdoc/>
    public void Began(OpenRequest request)
    {
    }

    /// <inheritdoc/>
    public void Advanced(OpenRequest request)
    {
    }

    /// <inheritdoc/>
    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        if (entry.Upstream is null || (!GenAi.IsChat(entry.Kind) && entry.Kind != RequestKind.BatchResult))
        {
            return;
        }

        var tags = TagsOf(request, entry);
        if (entry.Usage is { } usage)
        {
            tokens.Record(usage.AllInput, With(tags, GenAi.TokenType, "input"));
            tokens.Record(usage.Output, With(tags, GenAi.TokenType, "output"));
        }

        if (entry.Cost is { } price)
        {
            cost.Add(price.Total / 1e9, tags);
        }

        if (entry.Kind == RequestKind.BatchResult)
        {
            return;
        }

        var error = GenAi.ErrorOf(entry);
        duration.Record(entry.Times.Total / 1e6, error is null ? tags : With(tags, GenAi.ErrorType, error));
        overhead.Record(entry.Times.Own / 1e6, tags);
        if (error is null && entry is { IsStream: true, Times.FirstByte: { } first })
        {
            firstToken.Record(first / 1e6, tags);
        }
    }

    private TagList TagsOf(OpenRequest request, LedgerEntry entry)
    {
        var tags = new TagList { { GenAi.Operation, "chat" }, { GenAi.Provider, GenAi.ProviderOf(entry.Platform) } };
        if ((request.Model ?? entry.Model) is { } asked)
        {
            tags.Add(GenAi.RequestModel, models.Of(asked));
        }

        if (entry is { Usage: not null, Model: { } answered })
        {
            tags.Add(GenAi.ResponseModel, models.Of(answered));
        }

        if (upstreams().FirstOrDefault(upstream => upstream.Name == entry.Upstream) is { IsBuiltIn: false } upstream)
        {
            tags.Add(GenAi.ServerAddress, upstream.Origin.Host);
            tags.Add(GenAi.ServerPort, upstream.Origin.Port);
        }

        return tags;
    }

    private static TagList With(TagList tags, string name, string value)
    {
        tags.Add(name, value);
        return tags;
    }

    private static InstrumentAdvice<T> Bounds<T>(params T[] bounds)
        where T : struct => new() { HistogramBucketBoundaries = bounds };
}
