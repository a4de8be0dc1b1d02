using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>What says that the database itself is damaged, as against a disk that is full or cannot be read for a while.</summary>
internal static class DatabaseDamage
{
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    /// <summary>Whether this says so.</summary>
    public static bool Is(Exception? e) => e is DatabaseDamagedException or SqliteException { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase };

    /// <summary>Looks at the whole database.</summary>
    /// <exception cref="DatabaseDamagedException">It is damaged.</exception>
    public static void Look(SqliteConnection connection)
    {
        if (Schema.Scalar(connection, "PRAGMA quick_check(1)") is var found and not "ok")
            throw new DatabaseDamagedException($"quick_check: {found}");
    }

    /// <summary>Notes, for the next start, that the database turned out to be damaged while it was in use.</summary>
    public static void Suspect(StateFolder folder, Exception e) => File.WriteAllText(folder.SuspectFile, e.Message);
}

/// <summary>The database cannot be trusted any more.</summary>
internal sealed class DatabaseDamagedException(string message, Exception? cause = null) : Exception("The database is damaged: " + message, cause);
