using System.Buffers;
using Tuppence.Configuration.Catalogue;

namespace Tuppence.Configuration.Rules;

/// <summary>Names that become part of a provider's address or path, where no other character may slip in.</summary>
internal static class ProviderRules
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789-";

    private static readonly SearchValues<char> RegionCharacters = SearchValues.Create(Letters);
    private static readonly SearchValues<char> ProjectCharacters = SearchValues.Create(Letters + ":.");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    /// <summary>A region or location: lower-case letters, digits and <c>-</c>.</summary>
    public static Refusal? Region(string text) => Check(text, RegionCharacters, "region", "us-east-1", "lower-case letters, digits and -");

    /// <summary>A project id, those of a domain (<c>example.com:project</c>) among them.</summary>
    public static Refusal? Project(string text) => Check(text, ProjectCharacters, "project", "my-project", "lower-case letters, digits, -, : and .");

    /// <summary>A workspace or a resource.</summary>
    public static Refusal? Name(string text) => Check(text, NameCharacters, "name", "my-resource", "letters, digits, - and _");

    private static Refusal? Check(string text, SearchValues<char> allowed, string what, string example, string characters) =>
        text.Length is > 0 and <= 100 && !text.AsSpan().ContainsAnyExcept(allowed) && text[0] is not ('-' or '.' or ':') && text[^1] is not ('-' or '.' or ':')
            ? null
            : new Refusal($"This is not the {what} of a provider.", $"Write it like {example}, with {characters}.");
}
