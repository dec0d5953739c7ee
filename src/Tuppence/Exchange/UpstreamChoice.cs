using System.Diagnostics.CodeAnalysis;
using Tuppence.Configuration;
using Tuppence.Messages.Edits;

namespace Tuppence.Exchange;

/// <summary>
/// Chooses the upstreams of a request, in the order in which they are tried. The first of these that says something decides: the
/// request's header <c>x-tuppence-upstream</c>; the first rule of <c>routes</c> that holds; the preset's <c>upstream</c>; the default.
/// </summary>
/// <remarks>
/// Behind what a rule, a preset or the default says come the upstreams of <c>fallback</c>; who names an upstream in the request means
/// that one alone. A rule sees the model that is meant: the preset's, else the client's, after the general aliases; those of an
/// upstream apply once it is chosen.
/// </remarks>
internal sealed class UpstreamChoice
{
    private readonly Dictionary<string, Upstream[]> byName;
    private readonly Dictionary<string, Upstream[]> byPreset = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> presetModels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> unknownOfPreset = new(StringComparer.Ordinal);
    private readonly RouteRule[] rules;
    private readonly IReadOnlyDictionary<string, string> aliases;
    private readonly Upstream? named;
    private readonly Upstream[] toDefault;
    private readonly Upstream[] toAnthropic;

    /// <summary>Compiles the choice.</summary>
    /// <param name="config">Rules, fallbacks and aliases; names that do not exist are left out, the loader refuses them.</param>
    /// <param name="upstreams">All upstreams by name, the built-in ones among them.</param>
    /// <param name="named">The default that the user named, or null.</param>
    /// <param name="presets">Presets, which may name an upstream.</param>
    public UpstreamChoice(GatewayConfig config, IReadOnlyDictionary<string, Upstream> upstreams, Upstream? named, IEnumerable<Preset> presets)
    {
        // The user's own program answers what is sent to it by name, and takes nothing over. The loader refuses it in other places.
        Upstream[] InOrder(IEnumerable<Upstream> first) =>
            [.. first.Concat(config.Fallback.Select(name => upstreams.GetValueOrDefault(name)).OfType<Upstream>()).Distinct().Where(static (upstream, place) => place == 0 || !upstream.IsClaudeCode)];

        this.named = named;
        aliases = config.ModelAliases;
        var anthropic = upstreams["anthropic"];
        Default = named ?? (anthropic.Credential is null ? upstreams["emulator"] : anthropic);
        toDefault = InOrder([Default]);
        toAnthropic = InOrder([anthropic]);
        byName = upstreams.ToDictionary(static pair => pair.Key, static pair => new[] { pair.Value }, StringComparer.Ordinal);
        rules = [.. config.Routes
            .Select(route => new RouteRule(route, InOrder(route.Upstreams.Select(name => upstreams.GetValueOrDefault(name)).OfType<Upstream>())))
            .Where(static rule => rule.Upstreams.Length > 0)];
        NeedsModel = rules.Any(static rule => rule.NeedsModel);
        foreach (var preset in presets)
        {
            if (preset.Model is not null)
            {
                presetModels[preset.Name] = preset.Model;
            }

            if (preset.Upstream is { } wanted && upstreams.TryGetValue(wanted, out var upstream))
            {
                byPreset[preset.Name] = InOrder([upstream]);
            }
            else if (preset.Upstream is not null)
            {
                unknownOfPreset[preset.Name] = preset.Upstream;
            }
        }
    }

    /// <summary>The upstream for requests that nothing directs and that bring no credential of their own.</summary>
    public Upstream Default { get; }

    /// <summary>True where a rule goes by the model, so that the body must be looked at.</summary>
    public bool NeedsModel { get; }

    /// <summary>Presets that name an upstream which does not exist, with the name.</summary>
    public IReadOnlyDictionary<string, string> UnknownOfPreset => unknownOfPreset;

    /// <summary>True where a rule is asked at all.</summary>
    public bool HasRules => rules.Length > 0;

    /// <summary>All upstreams that some request can come to without naming one.</summary>
    public IEnumerable<Upstream> InUse =>
        toDefault.Concat(rules.SelectMany(static rule => rule.Upstreams)).Concat(byPreset.Values.SelectMany(static order => order)).Distinct();

    /// <summary>All upstreams that requests like this one can come to, whatever their model, in the order of the rules.</summary>
    public IReadOnlyList<Upstream> Reachable(in ChoiceFacts request)
    {
        var found = new List<Upstream>();
        if (request.Named is null)
        {
            foreach (var rule in rules)
            {
                if (rule.HoldsForSomeModel(request))
                {
                    found.AddRange(rule.Upstreams);
                    if (!rule.NeedsModel)
                    {
                        return [.. found.Distinct()];
                    }
                }
            }
        }

        found.AddRange(TryFor(request with { Model = null }, out var order, out _) ? order : []);
        return [.. found.Distinct()];
    }

    /// <summary>The upstreams of a request in order, at least one; or the error to answer.</summary>
    public bool TryFor(in ChoiceFacts request, [NotNullWhen(true)] out Upstream[]? order, [NotNullWhen(false)] out GatewayError? error)
    {
        error = null;
        if (request.Named is not null)
        {
            error = byName.TryGetValue(request.Named, out order) ? null : Unknown("There is", request.Named);
            return error is null;
        }

        order = OfRule(request);
        if (order is null && request.Preset is not null && !byPreset.TryGetValue(request.Preset, out order) && unknownOfPreset.TryGetValue(request.Preset, out var missing))
        {
            error = Unknown($"The preset “{request.Preset}” names an upstream that does not exist: there is", missing);
            return false;
        }

        order ??= named is null && request.Client.IsAnthropic ? toAnthropic : toDefault;
        return true;
    }

    /// <summary>The model that is meant: the preset's, else the client's, after the general aliases.</summary>
    public string? Meant(string? model, string? preset)
    {
        var asked = preset is not null && presetModels.TryGetValue(preset, out var own) ? own : model;
        return asked is not null && aliases.TryGetValue(asked, out var target) ? target : asked;
    }

    /// <summary>
    /// True where the request's own credential is used. For the API of Anthropic only what can be valid there counts, so that the
    /// made-up values which front ends insist on leave the configured key in charge; for an upstream where people sign in, only a token.
    /// A cloud's credentials are signatures and tokens that no front end has, so a configured one is always used there.
    /// </summary>
    public static bool UsesClientCredential(Upstream upstream, in ClientCredential client) =>
        !upstream.IsBuiltIn && (upstream.Credential is null || (upstream.Adapter is null && MayBeValid(upstream, client)));

    private static bool MayBeValid(Upstream upstream, in ClientCredential client) =>
        upstream.IsAnthropic ? client.IsAnthropic
        : upstream.HasSignIn ? client.HasToken
        : client.IsAnthropic || client.HasBearer;

    /// <summary>True where a credential that a request brings for <paramref name="home"/> may go to <paramref name="upstream"/> too: the same origin, or Anthropic's with a key of Anthropic's.</summary>
    public static bool IsAtHome(Upstream upstream, Upstream home, in ClientCredential client) =>
        upstream == home
        || (upstream.Origin.IsSecure == home.Origin.IsSecure && string.Equals(upstream.Origin.Authority, home.Origin.Authority, StringComparison.OrdinalIgnoreCase))
        || (client.IsAnthropic && upstream.IsAnthropic);

    private Upstream[]? OfRule(in ChoiceFacts request)
    {
        if (rules.Length == 0)
        {
            return null;
        }

        var model = Meant(request.Model, request.Preset);
        foreach (var rule in rules)
        {
            if (rule.Holds(model, request))
            {
                return rule.Upstreams;
            }
        }

        return null;
    }

    private GatewayError Unknown(string there, string name) => new(
        ErrorKind.UnknownUpstream,
        $"{there} no upstream “{(name.Length > 64 ? name[..64] + "…" : name)}”. There are: {string.Join(", ", byName.Keys.Order(StringComparer.Ordinal))}.");
}
