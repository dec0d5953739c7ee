namespace Tuppence.Endpoints;

/// <summary>Where a person may be led when a sign-in is done: pages of ours by name, and nothing that a link could make up.</summary>
internal static class LocalPaths
{
    private static readonly string[] Pages = ["/", "/auth/status", "/docs/"];

    /// <summary>The path where it is one of ours to the letter, else the front page.</summary>
    public static string Of(string? wanted) =>
        Array.Exists(Pages, page => string.Equals(page, wanted, StringComparison.Ordinal)) ? wanted!
        : wanted is not null && Docs.Names.Any(name => string.Equals("/docs/" + name, wanted, StringComparison.Ordinal)) ? wanted
        : "/";
}
