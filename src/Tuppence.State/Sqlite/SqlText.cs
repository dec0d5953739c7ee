using System.Collections.Concurrent;
using System.Reflection;

namespace Tuppence.State.Sqlite;

/// <summary>The SQL that lies beside this file, each under its name.</summary>
internal static class SqlText
{
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);

    /// <summary>The migrations, in their order: the first makes an empty database version 1.</summary>
    public static IReadOnlyList<string> Migrations { get; } = ["0001-ledger"];

    /// <summary>A text.</summary>
    public static string Of(string name) => Texts.GetOrAdd(name, static name =>
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".sql") ?? throw new InvalidOperationException($"There is no {name}.sql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
