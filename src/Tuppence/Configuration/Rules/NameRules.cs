using System.Buffers;
using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Rules;

/// <summary>What names of upstreams, models, headers and variables may look like.</summary>
internal static class NameRules
{
    private static readonly SearchValues<char> UpstreamCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    // RFC 9110 section 5.6.2, token.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly string[] ManagedHeaders =
        ["host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect", "cookie", "content-encoding", "content-type"];

    /// <summary>Name of an upstream: lower-case letters, digits, <c>-</c> and <c>_</c>, at most 40.</summary>
    public static Refusal? Upstream(string name) => name.Length is 0 or > 40 || name.AsSpan().ContainsAnyExcept(UpstreamCharacters)
        ? new Refusal($"{ConfigNode.Quote(name)} cannot be the name of an upstream.", "Use lower-case letters, digits, - and _, at most 40.")
        : null;

    /// <summary>A path of our own: begins with one slash, nothing in it needs escaping, no dot segments.</summary>
    public static Refusal? Path(string text) =>
        text.Length > 1 && text[0] == '/' && !text.Contains("//", StringComparison.Ordinal) && !text.Contains("..", StringComparison.Ordinal)
            && !text.AsSpan(1).ContainsAnyExcept(PathCharacters)
            ? null
            : new Refusal("This is not a plain path.", "Write it like /callback, with letters, digits, -, _, . and /.");

    /// <summary>A name for a model and the model that is meant.</summary>
    public static Refusal? Alias(string alias, string model)
    {
        if (string.IsNullOrWhiteSpace(alias) || string.IsNullOrWhiteSpace(model))
        {
            return new Refusal("An alias needs a name and a model.", "Write it as \"name\": \"model\".");
        }

        return alias == model ? new Refusal("The alias names itself.", "Write the model that is meant, or remove the alias.") : null;
    }

    /// <summary>A header that is added to requests.</summary>
    public static Refusal? Header(string name, string value)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token))
        {
            return new Refusal("This is not the name of a header.", "Use letters, digits and -.");
        }

        if (ManagedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return new Refusal("This header is set by the gateway or the client.", "Remove it.");
        }

        if (name.Equals("x-api-key", StringComparison.OrdinalIgnoreCase) || name.Equals("authorization", StringComparison.OrdinalIgnoreCase))
        {
            return new Refusal("This header carries the key of the upstream.", "Give the key as api_key_env, api_key_file or api_key_command, and choose the header with auth.");
        }

        return value.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? new Refusal("The value holds a character that cannot be sent in a header.", "Use visible ASCII characters and spaces.")
            : null;
    }

    /// <summary>A header line for a receiver of telemetry; keys may stand in it.</summary>
    public static Refusal? ReceiverHeader(string name, string value) =>
        name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token) ? new Refusal("This is not the name of a header.", "Use letters, digits and -.")
        : ManagedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase) ? new Refusal("This header is set by the gateway.", "Remove it.")
        : value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? new Refusal("The value holds a character that cannot be sent in a header.", "Use visible ASCII characters and spaces.")
        : null;

    /// <summary>Name of an environment variable.</summary>
    public static Refusal? Variable(string name) => name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains(' ', StringComparison.Ordinal)
        ? new Refusal("This is not the name of an environment variable.", "Write the name alone, such as ANTHROPIC_API_KEY.")
        : name.StartsWith("sk-", StringComparison.OrdinalIgnoreCase)
            ? new Refusal("This looks like the key itself.", "Write the name of the variable that holds it, such as ANTHROPIC_API_KEY.")
            : null;

    /// <summary>Name of a gateway key: anything that a person can read, at most 40 characters, but not <c>*</c>.</summary>
    public static Refusal? Key(string name) => string.IsNullOrWhiteSpace(name) || name.Length > 40 || name is "*" || name.Any(char.IsControl)
        ? new Refusal($"{ConfigNode.Quote(name)} cannot be the name of a key.", "Write a word or two, at most 40 characters.")
        : null;

    /// <summary>Text that is not empty.</summary>
    public static Refusal? NotEmpty(string text) => string.IsNullOrWhiteSpace(text) ? new Refusal("The text is empty.") : null;
}
