using System.Globalization;
using Tuppence.Configuration;

namespace Tuppence.Commands;

/// <summary>Writes configuration errors as a block that a person can work through from top to bottom.</summary>
public static class ErrorReport
{
    /// <summary>Writes all of them. <paramref name="headline"/> says what happens because of them.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<ConfigError> errors, string headline, Func<string, string>? paint = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(errors);
        var count = errors.Count == 1 ? "1 error" : string.Create(CultureInfo.InvariantCulture, $"{errors.Count} errors");
        var title = $"tuppence: {count} in the configuration. {headline}";
        writer.WriteLine(paint is null ? title : paint(title));
        foreach (var error in errors)
        {
            var place = error.Origin.Kind == OriginKind.Default ? "" : error.Origin + "  ";
            writer.WriteLine();
            writer.WriteLine($"  {place}{error.Key}".TrimEnd());
            writer.WriteLine($"    {error.Problem}");
            if (error.Accepted is not null)
            {
                writer.WriteLine($"    Accepted: {error.Accepted}.");
            }

            writer.WriteLine($"    Remedy: {error.Remedy}");
        }

        writer.WriteLine();
        writer.WriteLine("tuppence config --check checks without starting; docs/guide/configuration.md explains every option.");
    }
}
