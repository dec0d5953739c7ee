using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Tuppence.State.Sqlite;

namespace Tuppence.Tests.Scenes;

/// <summary>A folder for ledgers, and what they tell people.</summary>
public sealed class LedgerFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<string> told = Channel.CreateUnbounded<string>();

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tuppence-ledger-").FullName;

    public SqliteLedger Open(string name = "ledger.db", TimeProvider? time = null, Func<string?>? prepare = null, int mostWaiting = 16_384) =>
        new(new SqliteLedgerOptions { Path = Path.Combine(Directory, name), Prepare = prepare, Tell = text => told.Writer.TryWrite(text), MostWaiting = mostWaiting }, time ?? TimeProvider.System);

    /// <summary>The next thing that people are told.</summary>
    public async Task<string> ToldAsync() => await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Opens the database as any program would.</summary>
    public SqliteConnection Connect(string name = "ledger.db")
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Directory, name)};Pooling=False");
        connection.Open();
        return connection;
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static string Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
