using Tuppence.Configuration;
using Tuppence.State.Ledger;
using Tuppence.State.Sqlite;
using Tuppence.Telemetry;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Accounting;

/// <summary>Where the ledger of a configuration lies, and how it is opened there: in a folder 0700 and a file 0600, as all that Tuppence keeps.</summary>
internal static class LedgerPlace
{
    /// <summary>Name of the database.</summary>
    public const string Name = "ledger.db";

    /// <summary>Full path of the database.</summary>
    public static string PathOf(GatewayConfig config) => System.IO.Path.Combine(FolderOf(config), Name);

    /// <summary>The ledger of a configuration. Nothing is made or opened before the first row.</summary>
    public static ILedger Open(GatewayConfig config, TimeProvider time, ILogger log)
    {
        if (!config.Ledger.IsOn)
        {
            return new MemoryLedger();
        }

        EmbeddedSqlite.Choose(config.StateDirectory);
        var folder = new PrivateFolder(FolderOf(config), long.MaxValue);
        return new SqliteLedger(
            new SqliteLedgerOptions
            {
                Path = folder[Name],
                Prepare = () => Prepare(folder),
                Tell = words => Log.Ledger(log, words),
                RetentionDays = config.Ledger.RetentionDays,
                MaxBytes = config.Ledger.MaxBytes,
            },
            time);
    }

    /// <summary>Puts changed limits in force.</summary>
    public static void Configure(ILedger ledger, LedgerConfig config)
    {
        if (ledger is SqliteLedger stored)
        {
            (stored.RetentionDays, stored.MaxBytes) = (config.RetentionDays, config.MaxBytes);
        }
    }

    private static string FolderOf(GatewayConfig config) => System.IO.Path.GetFullPath(config.Ledger.Directory ?? config.StateDirectory);

    // SQLite gives the files beside the database the mode of the database.
    private static string? Prepare(PrivateFolder folder)
    {
        if (folder.Prepare() is { } problem)
        {
            return problem.Replace("option state_directory", "option ledger_directory", StringComparison.Ordinal);
        }

        try
        {
            folder.Touch(Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The ledger “{folder[Name]}” cannot be made: {e.Message} Correct the rights, or name another folder with ledger_directory.";
        }

        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        using var handle = folder.Open(Name, write: true, out problem);
        return problem;
    }
}
