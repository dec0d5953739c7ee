using Tuppence.Accounting;
using Tuppence.Caching;
using Tuppence.Messages.Errors;
using Tuppence.Messages.Sse;
using Tuppence.State.Ledger;
using Tuppence.Telemetry;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>One sending of a request to one upstream, and the passing on of what comes back.</summary>
/// <param name="gateway">Limits.</param>
/// <param name="state">Clock and drain.</param>
/// <param name="context">The client's side.</param>
/// <param name="upstream">Where to.</param>
/// <param name="exchangeStarted">Timestamp of the exchange, for the total limit.</param>
/// <param name="record">What is told of the request.</param>
internal sealed partial class Attempt(Gateway gateway, GatewayState state, HttpContext context, Upstream upstream, long exchangeStarted, RequestRecord record) : IAsyncDisposable
{
    private UpstreamConnection? connection;
    private StreamWatch? watch;
    private StreamedUpload? upload;
    private Relay? relay;
    private HeldAnswer? held;
    private ProviderAnswer? answer;
    private Route route;
    private CancellationTokenRegistration clientLeft;
    private CancellationTokenRegistration drained;

    // Kept until the send is over: an answer may come before the request is through.
    private RequestHead head;

    /// <summary>Where the request is sent.</summary>
    public Upstream Upstream => upstream;

    /// <summary>The response head, once <see cref="SendAsync"/> gave no fault.</summary>
    public ResponseHead Head => connection!.Head;

    /// <summary>True where the client is told which upstream answers: one that it did not expect.</summary>
    public bool NamesUpstream { get; init; }

    /// <summary>The plan of the request, which wants to know what its answer cost; or null.</summary>
    public PlannedRequest? Plan { get; init; }

    /// <summary>The error to answer where the request's own body was at fault, or null.</summary>
    public GatewayError? Rejection { get; private set; }

    /// <summary>Connects, sends and reads the head. Null on success.</summary>
    public async ValueTask<UpstreamFault?> SendAsync(Route route, HeaderPlan headers, PooledBody? body)
    {
        this.route = route;
        (connection, var fault) = await upstream.Connections.RentAsync(context.RequestAborted);
        if (connection is null)
        {
            return fault;
        }

        record.Clock.Work();
        var method = context.Request.Method;
        head = WriteHead(method, route, headers, body, out upload);
        upload?.OnRejected(connection.Abort);
        var isHead = HttpMethods.IsHead(method);
        var exchange = body?.Join(head.Bytes.Span) is { } whole
            ? connection.ExchangeAsync(whole, null, isHead)
            : connection.ExchangeAsync(head.Bytes, body is not null ? body.WriteToAsync : upload is not null ? upload.WriteToAsync : null, isHead);

        // The request is on its way; what watches over it is set up while the upstream works.
        watch = new StreamWatch(state.Time, gateway.Config.Timeouts, connection, exchangeStarted);
        clientLeft = context.RequestAborted.UnsafeRegister(static opened => ((UpstreamConnection)opened!).Abort(), connection);
        drained = state.DrainExpired.UnsafeRegister(
            static watching => ((StreamWatch)watching!).Stop(new UpstreamFault(FaultKind.Aborted, "the gateway is stopping")), watch);
        record.Clock.Wait();
        fault = await exchange;
        record.Clock.Work();

        Rejection = upload?.Rejection;
        return Rejection is null ? watch.Fault ?? fault : new UpstreamFault(FaultKind.Aborted, "the client's body was refused");
    }

    /// <summary>
    /// Waits for the first event of a stream; true where it refuses the request, so that another upstream may be asked. Of an answer
    /// that is no stream nothing is waited for. What was read is passed on by <see cref="RelayAsync"/>.
    /// </summary>
    public async ValueTask<bool> BeginsWithErrorAsync()
    {
        if (Head.Status != 200 || !BodyRelay.IsReadableStream)
        {
            return false;
        }

        await Held.HoldAsync(static held => FirstEvent.Judge(held.Span) != FirstEventVerdict.Open);
        return Held.IsRefused || FirstEvent.Judge(Held.Bytes.Span) == FirstEventVerdict.Error;
    }

    /// <summary>Null where the upstream speaks the Messages API.</summary>
    private ProviderAnswer? Answer => upstream.Adapter is null ? null : answer ??= new ProviderAnswer(upstream.Adapter, connection!, context.Response);

    private HeldAnswer Held => held ??= new HeldAnswer(connection!, watch!, Answer?.Decoder);

    private Relay BodyRelay => relay ??= new Relay(context, connection!, watch!, upstream, Held, Answer?.Decoder)
    {
        Usage = UsageOf(),
        Tap = TapOf(),
        Passed = batchBook is null ? null : batchBook.BookAsync,
        Record = record,
        BodyLog = gateway.Config.LogBodies && record.Log.IsEnabled(LogLevel.Trace) ? record.Log : null,
    };

    /// <summary>Passes head and body on. A fault where the client has not been sent anything yet.</summary>
    public async Task<UpstreamFault?> RelayAsync(Route route)
    {
        record.ProviderId = Head.Find("request-id") ?? Head.Find("x-amzn-requestid") ?? Head.Find("apim-request-id");
        if (upstream.IsBuiltIn && Answer is not null)
        {
            context.Response.Headers["x-tuppence-upstream"] = upstream.Name;
        }

        if (Answer is { IsError: true } failed && await failed.PassErrorAsync(watch!))
        {
            record.Outcome = RequestOutcome.Completed;
            record.ErrorType = failed.ErrorType;
            if (failed.IsBadCredential)
            {
                upstream.Credential?.Refused();
            }

            return null;
        }

        ResponseHeaders.Copy(Head, context.Response, mayGrow: BodyRelay.IsReadableStream);
        Answer?.FitHeaders();
        if (upstream.IsBuiltIn || NamesUpstream)
        {
            context.Response.Headers["x-tuppence-upstream"] = upstream.Name;
        }

        if (BatchAnswer.IsToBeRewritten(gateway.Config, context.Request.Method, route, Head))
        {
            await BatchAnswer.RewriteAsync(context, gateway.Config, Held);
        }

        var outcome = await BodyRelay.RunAsync();
        try
        {
            return await ConcludeAsync(outcome);
        }
        finally
        {
            // After the client has it all.
            await (batchBook?.EndAsync() ?? Task.CompletedTask);
        }
    }

    private async Task<UpstreamFault?> ConcludeAsync(RelayOutcome outcome)
    {
        switch (outcome)
        {
            case RelayOutcome.BrokenBeforeStart:
                context.Response.Clear();
                context.Response.Headers[ResponseHeaders.RequestIdName] = record.Open.Id;
                if (Answer?.Decoder?.Error is { } error)
                {
                    (record.Outcome, record.ErrorType) = (RequestOutcome.Completed, error.Type.WireName());
                    await Answer.WriteErrorAsync(error);
                    return null;
                }

                return BodyRelay.Fault;
            case RelayOutcome.Broken:
                record.Outcome = RequestOutcome.Broken;
                record.ErrorType = (Answer?.Decoder?.Error?.Type ?? UpstreamErrors.Explain(BodyRelay.Fault!, upstream).Type).WireName();
                Log.BrokeOff(record.Log, upstream.Name, BodyRelay.Fault!.Kind, BodyRelay.Fault.Detail);
                return null;
            case RelayOutcome.ClientLeft:
                record.ClientLeft();
                Log.ClientLeft(record.Log, context.Request.Method, Log.PathOf(route.Target));
                return null;
            default:
                record.Outcome = record is { IsStream: true, Usage.HasError: true } && Head.Status == 200 ? RequestOutcome.Broken : RequestOutcome.Completed;
                await FinishAsync();
                return null;
        }
    }

    /// <summary>
    /// Sends the client what is left, at once. The connection goes back to its pool before that, so that a client which asks again
    /// at once finds it there; but an upload that is still under way would hold the client up.
    /// </summary>
    private async ValueTask FinishAsync()
    {
        if (!connection!.IsSending)
        {
            await EndAsync();
        }

        await context.Response.BodyWriter.FlushAsync();
    }

    /// <summary>Lets go of the connection: back to its pool where all ended well, else closed.</summary>
    public async ValueTask EndAsync()
    {
        watch?.Dispose();
        unpacking?.Dispose();
        await clientLeft.DisposeAsync();
        await drained.DisposeAsync();
        if (connection is { } used)
        {
            connection = null;
            if (used.IsSending)
            {
                // The answer came before the upload was through; the client may be slow with the rest of it.
                upload?.Stop();
            }

            await used.StopSendingAsync();
            upstream.Connections.Return(used);
        }

        head.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => EndAsync();

    private RequestHead WriteHead(string method, Route route, HeaderPlan headers, PooledBody? body, out StreamedUpload? streamed)
    {
        var origin = upstream.Origin;
        var target = origin.PathPrefix.Length == 0 ? route.Target : origin.PathPrefix + route.Target;
        var written = new RequestHead(method, target, origin.Authority);
        RequestHeaders.Copy(context.Request.Headers, headers, ref written);
        streamed = null;
        var declared = context.Request.ContentLength;
        if (body is not null)
        {
            written.AddContentLength(body.Length);
        }
        else if (context.Request.Headers.TransferEncoding.Count > 0)
        {
            written.AddChunked();
            streamed = new StreamedUpload(context, gateway.Config.Limits.MaxUploadBytes, isChunked: true);
        }
        else if (declared is not null)
        {
            written.AddContentLength(declared.Value);
            streamed = declared > 0 ? new StreamedUpload(context, gateway.Config.Limits.MaxUploadBytes, isChunked: false) : null;
        }

        if (headers.Signer is { } signer)
        {
            signer.Sign(new SignedRequest(method, target, origin.Authority, body is null ? default : body.Bytes.Span, isBodyAtHand: streamed is null), ref written);
        }

        written.End();
        return written;
    }
}
