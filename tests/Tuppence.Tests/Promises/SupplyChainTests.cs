using System.Text.Json;
using System.Xml.Linq;

namespace Tuppence.Tests.Promises;

/// <summary>P40: what we ship is restored from lock files, and each package in them has a licence that we accept.</summary>
/// <remarks>Advisories need the network; <c>./test.sh --all</c> asks for them.</remarks>
public sealed class SupplyChainTests
{
    private static readonly string Root = FindRoot();
    private static readonly LicenceList Licences =
        LicenceList.Parse(File.ReadAllText(Path.Combine(Root, "tests", "Tuppence.Tests", "Promises", "licences.json")));

    [Fact]
    public void Every_project_that_ships_has_a_lock_file() =>
        Assert.All(Projects(), project => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), project));

    [Fact]
    public void The_native_program_has_a_lock_file_with_the_compiler_in_it() =>
        Assert.Contains(
            LockedPackage.Read(File.ReadAllText(Path.Combine(Root, "src", "Tuppence", "packages.linux-x64.lock.json"))),
            package => package.Name == "runtime.linux-x64.Microsoft.DotNet.ILCompiler");

    [Fact]
    public void Every_locked_package_is_pinned_by_its_hash() =>
        Assert.All(Locked(), package => Assert.False(string.IsNullOrEmpty(package.ContentHash), package.Name));

    [Fact]
    public void Every_package_that_ships_has_a_licence_that_we_accept() => Assert.Empty(Licences.Objections(Locked()));

    [Fact]
    public void The_list_names_no_package_that_is_gone() =>
        Assert.Empty(Licences.Packages.Keys.Except(Locked().Select(package => package.Name), StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void The_list_says_what_the_packages_themselves_say()
    {
        // A package's licence is an SPDX expression in its nuspec.
        var read = Locked().Distinct().Select(package => (package.Name, Licence: LicenceOf(package))).Where(pair => pair.Licence is not null).ToList();

        Assert.Contains(read, pair => pair.Name == "MinVer");
        Assert.All(read, pair => Assert.Equal(Licences.Packages[pair.Name], pair.Licence));
    }

    [Fact]
    public void A_package_that_nobody_looked_up_is_objected_to() =>
        Assert.Equal(
            "Stray is in a lock file under src/ but not in licences.json: look up its licence and add it.",
            Assert.Single(Licences.Objections([new LockedPackage("Stray", "1.0.0", "hash")])));

    [Fact]
    public void A_licence_that_is_not_accepted_is_objected_to()
    {
        var list = LicenceList.Parse("""{"allowed":["MIT"],"packages":{"Paid":"LicenseRef-Commercial"}}""");

        Assert.Equal(
            "Paid is under LicenseRef-Commercial, which licences.json does not allow.",
            Assert.Single(list.Objections([new LockedPackage("Paid", "1.0.0", "hash")])));
    }

    private static IEnumerable<string> Projects() => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories);

    private static List<LockedPackage> Locked() =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "packages*.lock.json", SearchOption.AllDirectories)
            .SelectMany(file => LockedPackage.Read(File.ReadAllText(file)))];

    // The package's own word, where it was restored here; packages of native builds may not be.
    private static string? LicenceOf(LockedPackage package)
    {
        var folder = Path.Combine(PackageFolder(), package.Name.ToLowerInvariant(), package.Version);
        var nuspec = Path.Combine(folder, package.Name.ToLowerInvariant() + ".nuspec");
        return File.Exists(nuspec)
            ? XDocument.Load(nuspec).Descendants().FirstOrDefault(element => element.Name.LocalName == "license")?.Value
            : null;
    }

    private static string PackageFolder()
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "artifacts", "obj", "Tuppence", "project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tuppence.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run from inside the repository.");
        }

        return folder.FullName;
    }
}
