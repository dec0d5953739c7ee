namespace Tuppence.Tests.Golden.Configuration;

/// <summary>Compares a text with the file of the repository that records it. <c>REGENERATE_GOLDEN=1</c> writes the file instead.</summary>
internal static class GoldenText
{
    public static string RepositoryRoot { get; } = FindRoot();

    public static void Matches(string actual, params string[] path)
    {
        var file = Path.Combine([RepositoryRoot, .. path]);
        if (Environment.GetEnvironmentVariable("REGENERATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        var recorded = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        Assert.True(recorded == actual, $"{string.Join('/', path)} is not what the program says now. Run the tests with REGENERATE_GOLDEN=1 and review the difference.\n{actual}");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Tuppence.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run from a folder inside the repository.");
    }
}
