using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Tuppence.Hosting;

/// <summary>Hands the server's requests to one function. A connection's context object serves all of its requests.</summary>
/// <remarks>In place of the framework's own application, whose diagnostics and activities cost more than the relaying itself.</remarks>
internal sealed class HttpApplication(Func<HttpContext, Task> handle) : IHttpApplication<DefaultHttpContext>
{
    /// <inheritdoc/>
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        if (connection.HostContext is { } context)
        {
            context.Initialize(contextFeatures);
            return context;
        }

        return connection.HostContext = new DefaultHttpContext(contextFeatures);
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(DefaultHttpContext context) => handle(context);

    /// <inheritdoc/>
    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
