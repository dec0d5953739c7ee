namespace Tuppence.Configuration;

/// <summary>Where a value was set, in the words that a user can look for.</summary>
/// <param name="Kind">The layer.</param>
/// <param name="Name">The file as shown, the environment variable, or the flag; empty for built-in values.</param>
/// <param name="Line">Line in the file, from 1; 0 where there is none.</param>
/// <param name="Column">Column in the file in characters, from 1; 0 where there is none.</param>
public readonly record struct ConfigOrigin(OriginKind Kind, string Name = "", int Line = 0, int Column = 0)
{
    /// <summary>A built-in value.</summary>
    public static ConfigOrigin BuiltIn => new(OriginKind.Default);

    /// <summary>For example <c>default</c>, <c>tuppence.json:3:11</c>, <c>TUPPENCE_PORT</c>, <c>--port</c>.</summary>
    public override string ToString() => Kind switch
    {
        OriginKind.Default => "default",
        OriginKind.Container => "container",
        OriginKind.File when Line > 0 => $"{Name}:{Line}:{Column}",
        _ => Name,
    };
}
