using System.Reflection;

namespace Tuppence;

/// <summary>The program's version, made from the git tag at build time.</summary>
public static class ProductVersion
{
    /// <summary>Version with pre-release part, without the commit.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What requests of Tuppence's own carry.</summary>
    public static string UserAgent { get; } = "tuppence/" + Text;
}
