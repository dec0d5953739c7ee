using Tuppence.Commands;
using Tuppence.Configuration;

namespace Tuppence.Hosting;

/// <summary>What a person reads at start: where the gateway is, where requests go, what to paste.</summary>
internal static class Banner
{
    /// <summary>Writes it, unless only warnings are wanted.</summary>
    /// <param name="terminal">Where to write.</param>
    /// <param name="host">The gateway.</param>
    /// <param name="level">The least severe messages that are wanted.</param>
    /// <param name="signInUrl">Where to sign in, where the chosen upstream needs that; else null.</param>
    public static void Write(Terminal terminal, GatewayHost host, LogVerbosity level, string? signInUrl)
    {
        if (level > LogVerbosity.Info)
        {
            return;
        }

        var gateway = host.State.Current;
        var upstream = gateway.Choice.Default;
        var output = terminal.Output;
        output.WriteLine(terminal.Strong($"Tuppence {ProductVersion.Text}") + $" listens on {host.Url}");
        if (upstream.IsEmulator)
        {
            output.WriteLine("  Upstream    built-in emulator: replies are made up here and cost nothing");
            output.WriteLine("              to reach Claude, set ANTHROPIC_API_KEY or let your front end send its own key");
        }
        else if (upstream.IsClaudeCode)
        {
            output.WriteLine("  Upstream    claude-code, your own Claude Code program");
        }
        else
        {
            output.WriteLine($"  Upstream    {upstream.Name} at {upstream.Origin}");
            output.WriteLine("  Credential  " + (signInUrl is not null ? terminal.Strong($"none yet: sign in at {signInUrl}") + ", or with tuppence login" : upstream.Credential is null ? "the client's own, passed on" : "configured; a client's own comes first"));
        }

        if (gateway.ClaudeCode is not null)
        {
            output.WriteLine("  Claude Code " + terminal.Strong("on") + ": your own, signed-in program answers as the upstream claude-code, for you alone");
            output.WriteLine("              its provider's terms decide whether your plan may be used in this way; an API key is the recommended route");
        }

        var keyed = gateway.Keys.AreRequired ? "one of the gateway keys" : "anything";
        output.WriteLine($"  SillyTavern Chat Completion > Claude > Reverse Proxy: {host.Url}/v1, password: {keyed}");
        if (gateway.Presets.Names.Count > 0)
        {
            output.WriteLine($"  Presets     {string.Join(", ", gateway.Presets.Names.Select(static name => "/v1/" + name))}");
        }

        output.WriteLine($"  Page        {host.Url}/  (Ctrl-C stops)");
    }
}
