using System.Text.Json;

namespace Tuppence.Tests.Promises;

/// <summary>A package in a NuGet lock file.</summary>
/// <param name="Name">Identity of the package.</param>
/// <param name="Version">The version that is restored.</param>
/// <param name="ContentHash">SHA-512 that the restored package must have, base64.</param>
internal sealed record LockedPackage(string Name, string Version, string? ContentHash)
{
    /// <summary>The packages of one lock file; our own projects, which it names too, are left out.</summary>
    public static IReadOnlyList<LockedPackage> Read(string lockFile)
    {
        using var document = JsonDocument.Parse(lockFile);
        return
        [
            .. from target in document.RootElement.GetProperty("dependencies").EnumerateObject()
               from entry in target.Value.EnumerateObject()
               where entry.Value.GetProperty("type").GetString() != "Project"
               select new LockedPackage(
                   entry.Name,
                   entry.Value.GetProperty("resolved").GetString()!,
                   entry.Value.TryGetProperty("contentHash", out var hash) ? hash.GetString() : null),
        ];
    }
}
